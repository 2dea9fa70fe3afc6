package dev.modelbake.testing;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.modelbake.model.Digest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** A registry in memory that misbehaves as a test tells it. */
public final class FakeRegistry implements AutoCloseable {
  public final Map<String, byte[]> blobs = new ConcurrentHashMap<>();
  public final Map<String, byte[]> manifests = new ConcurrentHashMap<>();

  /** Every request, as {@code METHOD path}. */
  public final List<String> requests = new CopyOnWriteArrayList<>();

  private final HttpServer server;
  private final ExecutorService pool = Executors.newCachedThreadPool();
  private final AtomicInteger uploads = new AtomicInteger();
  private volatile Fault fault = (exchange, request) -> false;

  /** Takes a request over. */
  @FunctionalInterface
  public interface Fault {
    /** Whether it answered. */
    boolean answers(HttpExchange exchange, String request) throws IOException;
  }

  public FakeRegistry() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.setExecutor(pool);
    server.start();
  }

  public String host() {
    return "127.0.0.1:" + server.getAddress().getPort();
  }

  public String repository() {
    return "oci://" + host() + "/models";
  }

  public void fault(Fault other) {
    fault = other;
  }

  /** An error as registries tell it. */
  public static void refuse(HttpExchange exchange, int status, String code, String message)
      throws IOException {
    String json = "{\"errors\":[{\"code\":\"%s\",\"message\":\"%s\"}]}".formatted(code, message);
    send(exchange, status, json.getBytes(StandardCharsets.UTF_8));
  }

  /** An answer with a body. */
  public static void send(HttpExchange exchange, int status, byte[] body) throws IOException {
    try (exchange) {
      exchange.getRequestBody().readAllBytes();
      exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
      if (!exchange.getRequestMethod().equals("HEAD")) {
        exchange.getResponseBody().write(body);
      }
    } catch (IOException e) {
      exchange.close();
    }
  }

  private void answer(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    String request = exchange.getRequestMethod() + " " + path.replaceFirst("^/v2/models/", "");
    requests.add(request);
    if (!fault.answers(exchange, request)) {
      serve(exchange, request);
    }
  }

  private void serve(HttpExchange exchange, String request) throws IOException {
    String last = request.substring(request.lastIndexOf('/') + 1);
    if (request.startsWith("POST blobs/uploads")) {
      exchange.getResponseHeaders().add("Location", "/up/" + uploads.incrementAndGet() + "?s=1");
      send(exchange, 202, new byte[0]);
    } else if (request.startsWith("PUT /up/")) {
      byte[] body = exchange.getRequestBody().readAllBytes();
      String digest = exchange.getRequestURI().getQuery().replaceFirst(".*digest=", "");
      if (Digest.ofBytes(body).toString().equals(digest)) {
        blobs.put(digest, body);
        send(exchange, 201, new byte[0]);
      } else {
        refuse(exchange, 400, "DIGEST_INVALID", "the bytes are others");
      }
    } else if (request.startsWith("PUT manifests/")) {
      byte[] body = exchange.getRequestBody().readAllBytes();
      manifests.put(last, body);
      manifests.put(Digest.ofBytes(body).toString(), body);
      send(exchange, 201, new byte[0]);
    } else {
      give(
          exchange,
          request.contains("/manifests/") || request.contains(" manifests/")
              ? manifests.get(last)
              : blobs.get(last));
    }
  }

  private static void give(HttpExchange exchange, byte[] bytes) throws IOException {
    if (bytes == null) {
      refuse(exchange, 404, "BLOB_UNKNOWN", "not here");
      return;
    }
    if (exchange.getRequestMethod().equals("HEAD")) {
      exchange.getResponseHeaders().add("Content-Length", Integer.toString(bytes.length));
      exchange.sendResponseHeaders(200, -1);
      exchange.close();
      return;
    }
    send(exchange, 200, bytes);
  }

  @Override
  public void close() {
    server.stop(0);
    pool.shutdownNow();
  }
}
