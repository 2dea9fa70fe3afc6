package dev.modelbake.model;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Which hosts may be asked.
 *
 * @param patterns {@code host}, {@code *.domain} or either with {@code :port}; none allows all
 */
public record HostRules(List<String> patterns) {
  /** Every host. */
  public static final HostRules ANY = new HostRules(List.of());

  /** What a pattern looks like. */
  public static final Pattern FORM =
      Pattern.compile("(\\*\\.)?[A-Za-z0-9_.-]+(:[0-9]{1,5})?|\\[[0-9A-Fa-f:.]+\\](:[0-9]{1,5})?");

  public HostRules {
    patterns = List.copyOf(patterns);
  }

  /** Whether a host may be asked; IPv6 addresses without brackets. */
  public boolean allows(String host, int port) {
    String name = host.toLowerCase(Locale.ROOT);
    return patterns.isEmpty() || patterns.stream().anyMatch(one -> fits(one, name, port));
  }

  /** Whether the host of a URL may be asked; files always may. */
  public boolean allows(SourceUrl url) {
    String host = url.uri().getHost();
    if (url.scheme().equals("file") || host == null) {
      return true;
    }
    String origin = url.origin();
    int port = Integer.parseInt(origin.substring(origin.lastIndexOf(':') + 1));
    return allows(host.replaceAll("[\\[\\]]", ""), port);
  }

  private static boolean fits(String pattern, String host, int port) {
    String rule = pattern.toLowerCase(Locale.ROOT);
    int colon = rule.lastIndexOf(':');
    boolean hasPort = colon > rule.lastIndexOf(']');
    if (hasPort && Integer.parseInt(rule.substring(colon + 1)) != port) {
      return false;
    }
    String name = (hasPort ? rule.substring(0, colon) : rule).replaceAll("[\\[\\]]", "");
    return name.startsWith("*.") ? host.endsWith(name.substring(1)) : host.equals(name);
  }
}
