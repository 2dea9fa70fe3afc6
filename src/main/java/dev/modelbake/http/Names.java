package dev.modelbake.http;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import okhttp3.Dns;

/**
 * Resolves names, and refuses link-local and metadata addresses wherever a name leads to one.
 *
 * <p>The Java runtime remembers for ten seconds that a name did not resolve, and then no longer
 * says why; the reason is kept here.
 */
final class Names implements Dns {
  /** Metadata services that do not stand in a link-local range. */
  private static final Set<String> METADATA =
      Set.of("fd00:ec2:0:0:0:0:0:254", "100.100.100.200", "192.0.0.192");

  private final Dns resolver;
  private final Predicate<String> exempt;
  private final Map<String, Boolean> unknown = new ConcurrentHashMap<>();

  /**
   * A resolver.
   *
   * @param exempt hosts that may have any address
   */
  Names(Dns resolver, Predicate<String> exempt) {
    this.resolver = resolver;
    this.exempt = exempt;
  }

  /** An address that may not be asked. */
  static final class RefusedAddressException extends UnknownHostException {
    private static final long serialVersionUID = 1L;

    RefusedAddressException(String host) {
      super(host);
    }
  }

  /** The resolver says that there is no such name. */
  static final class NoSuchNameException extends UnknownHostException {
    private static final long serialVersionUID = 1L;

    NoSuchNameException(String host) {
      super(host);
    }
  }

  @Override
  public List<InetAddress> lookup(String host) throws UnknownHostException {
    List<InetAddress> addresses;
    try {
      addresses = resolver.lookup(host);
    } catch (UnknownHostException e) {
      if (saysUnknown(host, String.valueOf(e.getMessage()))) {
        throw new NoSuchNameException(host);
      }
      throw e;
    }
    unknown.remove(host);
    for (InetAddress address : addresses) {
      check(host, address);
    }
    return addresses;
  }

  /** Refuses a host that is a literal address, which no resolver is asked for. */
  void checkLiteral(String host) throws RefusedAddressException {
    var literal = NoProxy.literal(host);
    if (literal.isPresent()) {
      check(host, literal.get());
    }
  }

  private void check(String host, InetAddress address) throws RefusedAddressException {
    if (isLocalToTheLink(address) && !exempt.test(host.toLowerCase(Locale.ROOT))) {
      throw new RefusedAddressException(host);
    }
  }

  private boolean saysUnknown(String host, String message) {
    if (message.contains("not known") || message.contains("No address associated")) {
      unknown.put(host, true);
    } else if (message.contains(": ")) {
      unknown.put(host, false);
    }
    return unknown.getOrDefault(host, false);
  }

  static boolean isLocalToTheLink(InetAddress address) {
    byte[] bytes = address.getAddress();
    // 64:ff9b::/96 carries an IPv4 address through NAT64 (RFC 6052).
    boolean translated =
        bytes.length == 16
            && bytes[0] == 0
            && bytes[1] == 0x64
            && bytes[2] == (byte) 0xff
            && bytes[3] == (byte) 0x9b;
    boolean carriesLinkLocal = translated && bytes[12] == (byte) 169 && bytes[13] == (byte) 254;
    return address.isLinkLocalAddress()
        || carriesLinkLocal
        || METADATA.contains(address.getHostAddress());
  }
}
