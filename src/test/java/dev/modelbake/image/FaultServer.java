package dev.modelbake.image;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** A server that answers 200 to everything, and never with what was asked for. */
final class FaultServer implements AutoCloseable {
  private static final byte[] PAGE =
      "<!DOCTYPE html><html><head><title>Please log in</title></head><body></body></html>"
          .getBytes(StandardCharsets.UTF_8);

  private final HttpServer server;

  private FaultServer(HttpServer server) {
    this.server = server;
  }

  static FaultServer start() throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    for (Fault fault : Fault.values()) {
      server.createContext("/" + fault.path() + "/", fault::answer);
    }
    server.start();
    return new FaultServer(server);
  }

  String url(Fault fault) {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/" + fault.path();
  }

  @Override
  public void close() {
    server.stop(0);
  }

  /** What is wrong with the answer, and what a build then has to say. */
  enum Fault {
    TRUNCATED(75, "broke off") {
      @Override
      void answer(HttpExchange exchange) throws IOException {
        exchange.sendResponseHeaders(200, 2327524);
        exchange.getResponseBody().write(new byte[100_000]);
        exchange.close();
      }
    },
    HTML_PAGE(65, "Please log in") {
      @Override
      void answer(HttpExchange exchange) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "text/html; charset=utf-8");
        send(exchange, PAGE);
      }
    },
    EMPTY(65, "the server has 0") {
      @Override
      void answer(HttpExchange exchange) throws IOException {
        exchange.sendResponseHeaders(200, -1);
        exchange.close();
      }
    };

    private final int exit;
    private final String cause;

    Fault(int exit, String cause) {
      this.exit = exit;
      this.cause = cause;
    }

    abstract void answer(HttpExchange exchange) throws IOException;

    int exit() {
      return exit;
    }

    String cause() {
      return cause;
    }

    String path() {
      return name().toLowerCase(Locale.ROOT);
    }

    private static void send(HttpExchange exchange, byte[] body) throws IOException {
      exchange.sendResponseHeaders(200, body.length);
      try (OutputStream out = exchange.getResponseBody()) {
        out.write(body);
      }
    }
  }
}
