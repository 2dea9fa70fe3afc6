package dev.modelbake.guard;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a client asks of a proxy (RFC 9110, section 7.1).
 *
 * @param method {@code CONNECT} for a tunnel, any other for a plain request
 * @param host without brackets
 * @param target for a plain request what its origin wants to read: path and query
 * @param fields the lines of the head behind the first
 */
record ProxyRequest(String method, String host, int port, String target, List<String> fields) {
  private static final int MOST_HEAD = 64 << 10;
  private static final int MOST_PORT = 65_535;
  private static final Pattern LINE = Pattern.compile("([A-Z]{3,16}) (\\S+) HTTP/1\\.[01]");
  private static final Pattern AUTHORITY =
      Pattern.compile("(\\[[0-9A-Fa-f:.]+]|[^:\\[\\]]+):([0-9]{1,5})");

  /** Reads the head of a request; nothing when it is none. */
  static Optional<ProxyRequest> read(InputStream in) throws IOException {
    return parsed(in).filter(request -> request.port() > 0 && request.port() <= MOST_PORT);
  }

  private static Optional<ProxyRequest> parsed(InputStream in) throws IOException {
    List<String> lines = head(in).lines().toList();
    Matcher line = LINE.matcher(lines.isEmpty() ? "" : lines.get(0));
    if (!line.matches()) {
      return Optional.empty();
    }
    List<String> fields = lines.subList(1, lines.size());
    if (line.group(1).equals("CONNECT")) {
      Matcher authority = AUTHORITY.matcher(line.group(2));
      return authority.matches()
          ? Optional.of(
              new ProxyRequest(
                  "CONNECT",
                  HostForm.of(authority.group(1)),
                  Integer.parseInt(authority.group(2)),
                  "",
                  fields))
          : Optional.empty();
    }
    try {
      URI uri = new URI(line.group(2));
      if (uri.getHost() == null || !"http".equalsIgnoreCase(uri.getScheme())) {
        return Optional.empty();
      }
      String path = uri.getRawPath() == null || uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
      return Optional.of(
          new ProxyRequest(
              line.group(1),
              HostForm.of(uri.getHost()),
              uri.getPort() < 0 ? 80 : uri.getPort(),
              uri.getRawQuery() == null ? path : path + "?" + uri.getRawQuery(),
              fields));
    } catch (URISyntaxException e) {
      return Optional.empty();
    }
  }

  /** The bytes up to the empty line; byte by byte, since what follows is not ours. */
  private static String head(InputStream in) throws IOException {
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    int newlines = 0;
    while (newlines < 2 && head.size() < MOST_HEAD) {
      int c = in.read();
      if (c < 0) {
        return "";
      }
      head.write(c);
      newlines = c == '\n' ? newlines + 1 : c == '\r' ? newlines : 0;
    }
    return head.toString(StandardCharsets.ISO_8859_1).stripTrailing();
  }

  boolean isTunnel() {
    return method.equals("CONNECT");
  }

  /** The head that the origin of a plain request is sent; it is asked once, then closed. */
  byte[] forOrigin() {
    return head(target);
  }

  /** The head that another proxy is sent. */
  byte[] forProxy() {
    String authority = (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    return head("http://" + authority + target);
  }

  /** What a plain request asks for. */
  String url() {
    String name = host.contains(":") ? "[" + host + "]" : host;
    return "http://" + name + (port == 80 ? "" : ":" + port) + target;
  }

  private byte[] head(String where) {
    StringBuilder head = new StringBuilder(method + " " + where + " HTTP/1.1\r\n");
    for (String field : fields) {
      String name = field.split(":", 2)[0].toLowerCase(Locale.ROOT);
      if (!name.equals("connection") && !name.startsWith("proxy-")) {
        head.append(field).append("\r\n");
      }
    }
    head.append("Connection: close\r\n\r\n");
    return head.toString().getBytes(StandardCharsets.ISO_8859_1);
  }
}
