package dev.modelbake.http;

import java.net.InetAddress;
import java.util.Locale;

/** What is told from the name of a host alone; nothing is resolved. */
final class Hosts {
  private Hosts() {}

  /** A host in lower case, without the brackets of an IPv6 literal. */
  static String bare(String host) {
    return host.toLowerCase(Locale.ROOT).replaceAll("[\\[\\]]", "");
  }

  /** Whether a host is this machine. */
  static boolean isLoopback(String host) {
    String name = bare(host);
    return NoProxy.literal(name)
        .map(InetAddress::isLoopbackAddress)
        .orElse(name.equals("localhost") || name.endsWith(".localhost"));
  }
}
