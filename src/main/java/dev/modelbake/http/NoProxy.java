package dev.modelbake.http;

import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The hosts that are asked without a proxy, from {@code NO_PROXY}: names with all names below them,
 * literal addresses, CIDR blocks, each with an optional port, or {@code *}.
 *
 * <p>Names are not resolved: a block matches a literal address only. Loopback is never proxied.
 */
final class NoProxy {
  private static final Pattern STRICT =
      Pattern.compile("(0|[1-9]\\d{0,2})(\\.(0|[1-9]\\d{0,2})){3}");

  private final List<Rule> rules;

  private NoProxy(List<Rule> rules) {
    this.rules = rules;
  }

  static NoProxy parse(String value) {
    return new NoProxy(
        Stream.of(value.toLowerCase(Locale.ROOT).split("[,\\s]+"))
            .filter(entry -> !entry.isEmpty())
            .map(NoProxy::rule)
            .toList());
  }

  /** Whether this host, without brackets, is asked directly. */
  boolean covers(String host, int port) {
    String name = host.toLowerCase(Locale.ROOT);
    Optional<InetAddress> literal = literal(name);
    return Hosts.isLoopback(name)
        || rules.stream().anyMatch(rule -> rule.covers(name, literal, port));
  }

  /**
   * The address that a text is, when it is a literal and not a name; resolves nothing. An address
   * of IPv4 is four decimal numbers (RFC 6943, section 3.1.1: the strict form).
   */
  static Optional<InetAddress> literal(String host) {
    boolean looksLikeOne = host.indexOf(':') >= 0 || STRICT.matcher(host).matches();
    if (!looksLikeOne || !host.matches("[0-9a-fA-F:.%]+")) {
      return Optional.empty();
    }
    try {
      return Optional.of(InetAddress.getByName(host));
    } catch (UnknownHostException e) {
      return Optional.empty();
    }
  }

  private interface Rule {
    boolean covers(String name, Optional<InetAddress> literal, int port);
  }

  private static Rule rule(String entry) {
    if (entry.equals("*")) {
      return (name, literal, port) -> true;
    }
    if (entry.indexOf('/') > 0) {
      return block(entry);
    }
    String host = entry;
    int only = -1;
    int colon = entry.lastIndexOf(':');
    boolean bracketed = entry.startsWith("[");
    if (colon > 0 && (bracketed ? entry.charAt(colon - 1) == ']' : entry.indexOf(':') == colon)) {
      only = port(entry.substring(colon + 1));
      host = entry.substring(0, colon);
    }
    host = host.replaceAll("[\\[\\]]", "").replaceFirst("^\\*?\\.", "");
    return named(host, only);
  }

  private static Rule named(String host, int only) {
    Optional<InetAddress> address = literal(host);
    return (name, literal, port) ->
        (only < 0 || only == port)
            && (name.equals(host)
                || name.endsWith("." + host)
                || (address.isPresent() && address.equals(literal)));
  }

  private static Rule block(String entry) {
    int slash = entry.indexOf('/');
    Optional<InetAddress> base = literal(entry.substring(0, slash).replaceAll("[\\[\\]]", ""));
    int bits = port(entry.substring(slash + 1));
    return (name, literal, port) ->
        base.isPresent() && literal.isPresent() && inBlock(literal.get(), base.get(), bits);
  }

  private static boolean inBlock(InetAddress address, InetAddress base, int bits) {
    byte[] a = address.getAddress();
    byte[] b = base.getAddress();
    if (a.length != b.length || bits < 0 || bits > a.length * 8) {
      return false;
    }
    int drop = a.length * 8 - bits;
    return new BigInteger(1, a).shiftRight(drop).equals(new BigInteger(1, b).shiftRight(drop));
  }

  private static int port(String digits) {
    return digits.matches("\\d{1,5}") ? Integer.parseInt(digits) : -2;
  }
}
