package dev.modelbake.model;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A URL bytes can come from: {@code https}, {@code http}, {@code file} or {@code oci}.
 *
 * <p>Never holds user information: credentials come from the environment, not from a URL.
 */
public record SourceUrl(URI uri) {
  private static final Pattern URL = Pattern.compile("(?i)[a-z][a-z0-9+.-]*:");
  private static final Pattern USER = Pattern.compile("//[^/?#]*@");
  private static final Pattern QUERY = Pattern.compile("(?s)[?#].*");
  private static final Set<String> SCHEMES = Set.of("https", "http", "file", "oci");

  public SourceUrl {
    String scheme = uri.getScheme();
    if (scheme == null || !SCHEMES.contains(scheme.toLowerCase(Locale.ROOT))) {
      throw new IllegalArgumentException("a URL starts with https://, http://, file: or oci://");
    }
    if (uri.getRawUserInfo() != null) {
      throw new IllegalArgumentException("a URL holds no user or password");
    }
    if (scheme.equalsIgnoreCase("file")) {
      if (uri.getPath() == null || (uri.getHost() != null && !uri.getHost().isEmpty())) {
        throw new IllegalArgumentException("a file URL names a path: file:path or file:///path");
      }
    } else if (uri.getHost() == null) {
      throw new IllegalArgumentException("the URL has no host name");
    }
  }

  /**
   * Reads a URL.
   *
   * @throws IllegalArgumentException with the reason, free of the URL's own text
   */
  public static SourceUrl parse(String text) {
    try {
      return new SourceUrl(new URI(text));
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException(
          "the URL has a character at position %d that must be percent-encoded"
              .formatted(e.getIndex() + 1),
          e);
    }
  }

  /** The scheme in lower case. */
  public String scheme() {
    return uri.getScheme().toLowerCase(Locale.ROOT);
  }

  /** Scheme, host and port: what credentials and connection limits are bound to. */
  public String origin() {
    String host = uri.getHost() == null ? "" : uri.getHost().toLowerCase(Locale.ROOT);
    int port = uri.getPort() >= 0 ? uri.getPort() : scheme().equals("http") ? 80 : 443;
    return scheme() + "://" + host + ":" + port;
  }

  /** The last segment of the path, percent-decoded; empty when the path ends with a slash. */
  public String fileName() {
    String path = uri.getPath() == null ? uri.getSchemeSpecificPart() : uri.getPath();
    return path.substring(path.lastIndexOf('/') + 1);
  }

  /** The URL without its query and fragment, which may carry secrets: the only form to print. */
  @Override
  public String toString() {
    return shown(uri.toASCIIString());
  }

  /**
   * What may be shown of a text that is meant as a URL, a template or the beginning of one: neither
   * a query or fragment nor a user. Any other text is given as it is.
   */
  public static String shown(String text) {
    if (!URL.matcher(text).lookingAt()) {
      return text;
    }
    return QUERY.matcher(USER.matcher(text).replaceFirst("//")).replaceFirst("?…");
  }
}
