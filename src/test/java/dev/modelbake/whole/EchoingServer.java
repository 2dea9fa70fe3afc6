package dev.modelbake.whole;

import dev.modelbake.testing.RawServer;
import dev.modelbake.testing.RawServer.Connection;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * A server on loopback that says what it was told in every place that an answer has. How it answers
 * is the first part of the path.
 */
final class EchoingServer implements AutoCloseable {
  /** What makes a source fail at once. */
  static final List<String> FINAL =
      List.of(
          "401",
          "403",
          "404",
          "410",
          "wrong",
          "xml",
          "protocol",
          "encoded",
          "length",
          "location",
          "downgrade",
          "loop",
          "away-403",
          "away-wrong");

  /** What makes a source be asked again. */
  static final List<String> TEMPORARY = List.of("500", "429", "chunks", "cut", "silent");

  /** What signs a URL elsewhere. */
  static final String SIGNED = "c%2Fsigned7f3a9c51b2e8%2B%3D";

  private final byte[] model;
  private final RawServer server;
  private final String elsewhere;
  private final UnaryOperator<String> saying;

  /**
   * A server.
   *
   * @param model what it gives when it is honest
   * @param elsewhere the beginning of a URL of another server, to which it redirects
   */
  EchoingServer(byte[] model, String elsewhere) {
    this(model, elsewhere, EchoingServer::told);
  }

  private EchoingServer(byte[] model, String elsewhere, UnaryOperator<String> saying) {
    this.model = model;
    this.elsewhere = elsewhere;
    this.saying = saying;
    server = RawServer.answering(this::answer);
  }

  /** One that says the same to everybody. */
  static EchoingServer saying(String text) {
    String bytes = new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    return new EchoingServer(new byte[] {1}, "http://127.0.0.1:1", request -> bytes);
  }

  String url(String path) {
    return server.url(path);
  }

  String host() {
    return server.url("").substring("http://".length());
  }

  /** Everything that it was asked. */
  String requests() {
    return String.join("\n", server.requests());
  }

  /** The values of all headers that hold a secret, and the query. */
  private static String told(String request) {
    List<String> told = new ArrayList<>();
    for (String line : request.split("\n", -1)) {
      int colon = line.indexOf(':');
      String name = line.substring(0, Math.max(0, colon)).toLowerCase(Locale.ROOT);
      if (name.matches("authorization|proxy-authorization|x-key|cookie")) {
        String value = line.substring(colon + 1).strip();
        told.add(value);
        if (value.startsWith("Basic ")) {
          byte[] pair = Base64.getDecoder().decode(value.substring("Basic ".length()));
          told.add(new String(pair, StandardCharsets.ISO_8859_1));
        }
      }
    }
    String target = request.split(" ", 3)[1];
    if (target.contains("?")) {
      told.add(target.substring(target.indexOf('?') + 1));
    }
    return told.isEmpty() ? "nothing" : String.join(" ", told);
  }

  private void answer(Connection connection) throws IOException, InterruptedException {
    String request = connection.request();
    // A proxy gets whole URLs, or the name of a host.
    String path = request.split(" ", 3)[1].replaceFirst("^http://[^/]+/", "");
    String manner = path.replaceFirst("^/", "").split("[/?.]", 2)[0];
    String told = saying.apply(request);
    String page = "<html><title>" + told + "</title>" + told + "</html>";
    String headers =
        "WWW-Authenticate: Basic realm=\"%1$s\"\r\nETag: \"%2$s\"\r\nX-Error-Message: %1$s\r\nX-Error-Code: %1$s\r\nRetry-After: %1$s\r\nSet-Cookie: %1$s\r\n"
            .formatted(told, told.replaceAll("[^!-~]|\"", ""));
    Map<String, String> places =
        Map.of(
            "location", "http://127.0.0.1:1/" + told.replace(' ', '/'),
            "downgrade", told.replace(' ', '-') + "://x",
            "loop", "/loop/a?again=" + told.replace(' ', '+'));
    if (manner.matches("[0-9]{3}")) {
      connection.send(
          "HTTP/1.1 %s %s\r\n%sContent-Length: %d\r\n\r\n%s"
              .formatted(manner, told, headers, page.length(), page));
    } else if (places.containsKey(manner)) {
      redirect(connection, headers, places.getOrDefault(manner, ""));
    } else if (manner.startsWith("away")) {
      // What a store of objects calls a signed URL: the secret is in the query.
      String landing = manner.replaceFirst("^away-?", "");
      String to = "%s/%s/a?X-Amz-Signature=%s";
      redirect(
          connection,
          headers,
          to.formatted(elsewhere, landing.isEmpty() ? "right" : landing, SIGNED));
    } else {
      body(connection, manner, headers, told, page);
    }
  }

  private static void redirect(Connection connection, String headers, String location)
      throws IOException {
    connection.send(
        "HTTP/1.1 302 Found\r\n%sLocation: %s\r\nContent-Length: 0\r\n\r\n"
            .formatted(headers, location));
  }

  private void body(Connection connection, String manner, String headers, String told, String page)
      throws IOException, InterruptedException {
    String ok = "HTTP/1.1 200 " + told + "\r\n" + headers;
    switch (manner) {
      case "right" -> {
        connection.send(ok + "Content-Length: " + model.length + "\r\n\r\n");
        connection.send(model);
      }
      case "wrong" -> connection.send(ok + "Content-Length: " + page.length() + "\r\n\r\n" + page);
      case "xml" ->
          connection.send(ok + "\r\n<?xml version=\"1.0\"?><Error><Code>" + told + "</Code>");
      case "protocol" -> connection.send("HTTP/1.1 " + told + "\r\n\r\n");
      case "chunks" ->
          connection.send(ok + "Transfer-Encoding: chunked\r\n\r\n" + told + "\r\n" + told);
      case "encoded" -> connection.send(ok + "Content-Encoding: " + told + "\r\n\r\n" + told);
      case "length" -> connection.send(ok + "Content-Length: " + told + "\r\n\r\n" + told);
      case "cut" -> {
        connection.send(ok + "Content-Length: " + (20 << 20) + "\r\n\r\n");
        connection.send(new byte[9 << 20]);
        connection.reset();
      }
      case "silent" -> {
        connection.send(ok + "Content-Length: " + (20 << 20) + "\r\n\r\n");
        connection.awaitEnd();
      }
      default -> connection.send("HTTP/1.1 404 " + told + "\r\n" + headers + "\r\n" + page);
    }
  }

  @Override
  public void close() {
    server.close();
  }
}
