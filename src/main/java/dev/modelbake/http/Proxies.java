package dev.modelbake.http;

import dev.modelbake.model.EnvironmentException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The proxy for each host, from the environment. Of two spellings of a variable the lower-case one
 * counts, even when it is empty.
 */
public final class Proxies {
  private static final String REMEDY =
      "write it as http://host:port, or unset it if no proxy is needed";

  private final Optional<ProxyServer> http;
  private final Optional<ProxyServer> https;
  private final NoProxy direct;

  private Proxies(Optional<ProxyServer> http, Optional<ProxyServer> https, NoProxy direct) {
    this.http = http;
    this.https = https;
    this.direct = direct;
  }

  /** How a proxy is spoken to. */
  public enum Kind {
    HTTP,
    SOCKS
  }

  /**
   * One proxy.
   *
   * @param variable the one that names it
   * @param authorization the value of {@code Proxy-Authorization}; a secret
   */
  public record ProxyServer(
      Kind kind, String host, int port, String variable, Optional<String> authorization) {
    @Override
    public String toString() {
      return "%s%s:%d (%s)".formatted(kind == Kind.SOCKS ? "socks5://" : "", host, port, variable);
    }
  }

  /**
   * Reads the environment.
   *
   * @throws EnvironmentException if a value is no proxy
   */
  public static Proxies of(Map<String, String> environment) {
    Optional<ProxyServer> all = read(environment, "ALL_PROXY");
    Optional<String> none = value(environment, "NO_PROXY").map(Map.Entry::getValue);
    return new Proxies(
        read(environment, "HTTP_PROXY").or(() -> all),
        read(environment, "HTTPS_PROXY").or(() -> all),
        NoProxy.parse(none.orElse("")));
  }

  /** The proxy for a host, without brackets; empty for a direct connection. */
  public Optional<ProxyServer> proxyFor(String scheme, String host, int port) {
    Optional<ProxyServer> proxy = scheme.equals("https") ? https : http;
    return proxy.filter(p -> !direct.covers(host, port));
  }

  /** Whether a host is one of the proxies, which may stand where they like. */
  boolean isProxy(String host) {
    return http.filter(p -> p.host().equalsIgnoreCase(host)).isPresent()
        || https.filter(p -> p.host().equalsIgnoreCase(host)).isPresent();
  }

  private static Optional<Map.Entry<String, String>> value(
      Map<String, String> environment, String upper) {
    for (String name : new String[] {upper.toLowerCase(Locale.ROOT), upper}) {
      String value = environment.get(name);
      if (value != null) {
        return value.isBlank() ? Optional.empty() : Optional.of(Map.entry(name, value.strip()));
      }
    }
    return Optional.empty();
  }

  private static Optional<ProxyServer> read(Map<String, String> environment, String name) {
    return value(environment, name).map(entry -> parse(entry.getKey(), entry.getValue()));
  }

  /** Never quotes the value, which may hold a password, nor keeps a cause that does. */
  private static ProxyServer parse(String variable, String value) {
    URI uri;
    try {
      uri = new URI(value.contains("://") ? value : "http://" + value);
    } catch (URISyntaxException e) {
      throw new EnvironmentException(
          variable, "its value is not a URL (a special character wants %-encoding)", REMEDY, null);
    }
    String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
    if (uri.getHost() == null || uri.getPort() > 65_535) {
      throw new EnvironmentException(variable, "its value names no host", REMEDY, null);
    }
    String host = uri.getHost().replaceAll("[\\[\\]]", "");
    return switch (scheme) {
      case "http" -> new ProxyServer(Kind.HTTP, host, port(uri, 80), variable, authorization(uri));
      case "socks", "socks5", "socks5h" ->
          new ProxyServer(Kind.SOCKS, host, port(uri, 1080), variable, Optional.empty());
      default ->
          throw new EnvironmentException(
              variable, "only http:// and socks5:// proxies are spoken to", REMEDY, null);
    };
  }

  private static int port(URI uri, int otherwise) {
    return uri.getPort() < 0 ? otherwise : uri.getPort();
  }

  private static Optional<String> authorization(URI uri) {
    String user = uri.getRawUserInfo();
    if (user == null || user.isEmpty()) {
      return Optional.empty();
    }
    String plain =
        URLDecoder.decode(user.replace("+", "%2B"), StandardCharsets.UTF_8)
            + (user.contains(":") ? "" : ":");
    byte[] bytes = plain.getBytes(StandardCharsets.UTF_8);
    return Optional.of("Basic " + Base64.getEncoder().encodeToString(bytes));
  }
}
