package dev.modelbake.guard;

import dev.modelbake.model.UsageException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Hosts that a guarded command may reach: {@code HOST}, {@code HOST:PORT}, {@code *.DOMAIN}. */
final class AllowedHosts {
  private static final Pattern HOST =
      Pattern.compile("((?:\\*\\.)?[A-Za-z0-9._-]+)(?::([0-9]{1,5}))?");
  private static final Pattern ADDRESS = Pattern.compile("\\[?([0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*)]?");
  private static final Pattern LOOPBACK = Pattern.compile("127(?:\\.[0-9]{1,3}){3}");

  private static final String EVERY = "*";

  /** Every host. */
  static final AllowedHosts ALL = new AllowedHosts();

  private final List<Rule> rules = new ArrayList<>();

  private AllowedHosts() {
    rules.add(new Rule(EVERY, OptionalInt.empty()));
  }

  private record Rule(String host, OptionalInt port) {
    boolean covers(String other, int otherPort) {
      boolean same = host.startsWith("*.") ? other.endsWith(host.substring(1)) : other.equals(host);
      return (same || host.equals(EVERY)) && (port.isEmpty() || port.getAsInt() == otherPort);
    }
  }

  /**
   * Reads the rules.
   *
   * @throws UsageException if one is none
   */
  AllowedHosts(List<String> texts) {
    for (String text : texts) {
      Matcher address = ADDRESS.matcher(text);
      Matcher host = HOST.matcher(text);
      if (host.matches()) {
        OptionalInt port =
            host.group(2) == null
                ? OptionalInt.empty()
                : OptionalInt.of(Integer.parseInt(host.group(2)));
        rules.add(new Rule(host.group(1).toLowerCase(Locale.ROOT), port));
      } else if (address.matches()) {
        rules.add(new Rule(address.group(1).toLowerCase(Locale.ROOT), OptionalInt.empty()));
      } else {
        throw new UsageException(
            "reading --allow", text + " is no host", "write HOST, HOST:PORT or *.DOMAIN");
      }
    }
  }

  /** Whether a host may be reached: it is allowed, or it is this machine. */
  boolean covers(String host, int port) {
    String name = host.toLowerCase(Locale.ROOT);
    return isLocal(name) || rules.stream().anyMatch(rule -> rule.covers(name, port));
  }

  /** Whether a name or address is this machine. */
  static boolean isLocal(String name) {
    return name.equals("localhost")
        || name.endsWith(".localhost")
        || name.equals("::1")
        || LOOPBACK.matcher(name).matches();
  }
}
