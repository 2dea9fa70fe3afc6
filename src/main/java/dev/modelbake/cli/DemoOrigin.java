package dev.modelbake.cli;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.util.Random;

/**
 * Three hosts on loopback: one that is down, one that answers with an error page and status 200,
 * and one that serves a small generated model.
 */
final class DemoOrigin implements AutoCloseable {
  private static final int SIZE = 4 << 20;
  private static final byte[] PAGE =
      "<!DOCTYPE html><html><head><title>Quota exceeded</title></head><body>Try later</body></html>"
          .getBytes(StandardCharsets.UTF_8);

  private final byte[] model = new byte[SIZE];
  private final HttpServer lying;
  private final HttpServer honest;
  private final int deadPort;

  DemoOrigin() {
    new Random(68).nextBytes(model);
    try {
      deadPort = freePort();
      lying = serve(PAGE, "text/html");
      honest = serve(model, "application/octet-stream");
    } catch (IOException e) {
      throw new UncheckedIOException("no port on loopback", e);
    }
  }

  private static InetAddress loopback() {
    return InetAddress.getLoopbackAddress();
  }

  /** A port at which nobody listens by the time it is asked. */
  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, loopback())) {
      return socket.getLocalPort();
    }
  }

  private static HttpServer serve(byte[] body, String type) throws IOException {
    HttpServer server = HttpServer.create(new InetSocketAddress(loopback(), 0), 0);
    server.createContext("/", exchange -> answer(exchange, body, type));
    server.start();
    return server;
  }

  private static void answer(HttpExchange exchange, byte[] body, String type) throws IOException {
    try (exchange) {
      exchange.getResponseHeaders().set("Content-Type", type);
      exchange.sendResponseHeaders(200, body.length);
      try (OutputStream out = exchange.getResponseBody()) {
        out.write(body);
      }
    }
  }

  byte[] model() {
    return model.clone();
  }

  String deadUrl(String path) {
    return url(deadPort, path);
  }

  String lyingUrl(String path) {
    return url(lying.getAddress().getPort(), path);
  }

  String honestUrl(String path) {
    return url(honest.getAddress().getPort(), path);
  }

  private static String url(int port, String path) {
    return "http://" + loopback().getHostAddress() + ":" + port + "/" + path;
  }

  @Override
  public void close() {
    lying.stop(0);
    honest.stop(0);
  }
}
