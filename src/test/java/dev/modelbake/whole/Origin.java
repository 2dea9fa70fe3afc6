package dev.modelbake.whole;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A host on loopback whose paths say how it answers: {@code /status/404}, {@code /slow} (a byte now
 * and then, for ever).
 */
final class Origin implements AutoCloseable {
  private final HttpServer server;
  private final ExecutorService pool = Executors.newCachedThreadPool();

  Origin() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/status/", Origin::status);
    server.createContext("/slow", this::slow);
    server.setExecutor(pool);
    server.start();
  }

  private static void status(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    exchange.sendResponseHeaders(Integer.parseInt(path.substring("/status/".length())), -1);
    exchange.close();
  }

  private void slow(HttpExchange exchange) throws IOException {
    try (exchange) {
      exchange.sendResponseHeaders(200, 1 << 30);
      OutputStream body = exchange.getResponseBody();
      while (!pool.isShutdown()) {
        body.write(new byte[4096]);
        body.flush();
        Thread.sleep(20);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  String url(String path) {
    return "http://127.0.0.1:" + server.getAddress().getPort() + path;
  }

  @Override
  public void close() {
    pool.shutdownNow();
    server.stop(0);
  }
}
