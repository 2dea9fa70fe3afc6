package dev.modelbake.http;

import dev.modelbake.model.CredentialException;
import dev.modelbake.model.SourceUrl;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Lines {@code https://host[:port]/ Header: value}; empty lines and lines with # are left out. */
final class HeadersFile {
  private static final Pattern LINE =
      Pattern.compile(
          "(\\S+)\\s+([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \\t]*([\\x21-\\x7e][\\x20-\\x7e]*)");

  /** Headers that the client itself must rule. */
  private static final Set<String> RESERVED =
      Set.of(
          "accept-encoding",
          "connection",
          "content-length",
          "host",
          "if-range",
          "range",
          "transfer-encoding",
          "user-agent",
          "proxy-authorization");

  private HeadersFile() {}

  /**
   * One header for one origin.
   *
   * @param origin as {@link SourceUrl#origin()}
   */
  record Line(String origin, String name, String value) {
    @Override
    public String toString() {
      return origin + " " + name + ": …";
    }
  }

  static List<Line> parse(String text, String source) {
    List<Line> lines = new ArrayList<>();
    String[] all = text.split("\r?\n", -1);
    for (int i = 0; i < all.length; i++) {
      String line = all[i].strip();
      if (!line.isEmpty() && !line.startsWith("#")) {
        lines.add(line(line, new Place(source, i + 1)));
      }
    }
    return lines;
  }

  private record Place(String source, int line) {
    CredentialException wrong(String happened) {
      return new CredentialException(
          source,
          "line %d %s".formatted(line, happened),
          "write: https://host[:port]/ Header: value",
          null);
    }
  }

  private static Line line(String line, Place place) {
    Matcher matcher = LINE.matcher(line);
    if (!matcher.matches()) {
      throw place.wrong("has not the form of a header for an origin");
    }
    if (RESERVED.contains(matcher.group(2).toLowerCase(Locale.ROOT))) {
      throw place.wrong("sets a header that is not for the user to set");
    }
    String origin = origin(matcher.group(1), place);
    return new Line(origin, matcher.group(2), matcher.group(3).strip());
  }

  private static String origin(String text, Place place) {
    SourceUrl url;
    try {
      url = SourceUrl.parse(text);
    } catch (IllegalArgumentException e) {
      throw place.wrong("does not begin with a URL");
    }
    String path = url.uri().getRawPath();
    boolean bare = path == null || path.isEmpty() || path.equals("/");
    if (!bare || url.uri().getRawQuery() != null || url.uri().getRawFragment() != null) {
      throw place.wrong("names more than an origin; headers go to a whole origin");
    }
    boolean loopback = url.scheme().equals("http") && Hosts.isLoopback(url.uri().getHost());
    if (!url.scheme().equals("https") && !loopback) {
      throw place.wrong("would send a secret without encryption");
    }
    return url.origin();
  }
}
