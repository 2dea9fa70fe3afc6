package dev.modelbake.http;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.regex.Pattern;
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

  /** What OkHttp hands to the system as an address. */
  private static final Pattern NUMERIC = Pattern.compile("[0-9a-fA-F]*:[0-9a-fA-F:.]*|[\\d.]+");

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

    RefusedAddressException(String what) {
      super(what);
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

  /**
   * Refuses a host that is a literal address, which no resolver is asked for. One in another form
   * than the strict one, such as 2852039166 or 0251.0376.1.1, means something else to each of its
   * readers, and is refused whatever it means.
   */
  void checkLiteral(String host) throws RefusedAddressException {
    var literal = NoProxy.literal(host);
    if (literal.isPresent()) {
      check(host, literal.get());
    } else if (NUMERIC.matcher(host).matches()) {
      throw new RefusedAddressException(
          "%s is no host: an address is four decimal numbers".formatted(host));
    }
  }

  private void check(String host, InetAddress address) throws RefusedAddressException {
    if (isLocalToTheLink(address) && !exempt.test(host.toLowerCase(Locale.ROOT))) {
      throw new RefusedAddressException(
          "%s is a link-local or metadata address, which no model comes from; --allow-host %s if"
                  .formatted(host, host)
              + " it is meant");
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
    return address.isLinkLocalAddress()
        || (address instanceof Inet6Address six && carriesLinkLocal(six))
        || METADATA.contains(address.getHostAddress());
  }

  /** NAT64 (RFC 6052), 6to4 (RFC 3056) and the old ::/96 have an address of IPv4 within. */
  private static boolean carriesLinkLocal(Inet6Address address) {
    ByteBuffer bytes = ByteBuffer.wrap(address.getAddress());
    short linkLocal = (short) 0xa9fe;
    boolean last = bytes.getShort(12) == linkLocal;
    return (bytes.getInt(0) == 0x0064ff9b && last)
        || (address.isIPv4CompatibleAddress() && last)
        || (bytes.getShort(0) == 0x2002 && bytes.getShort(2) == linkLocal);
  }
}
