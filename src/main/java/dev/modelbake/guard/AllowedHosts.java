package dev.modelbake.guard;

import dev.modelbake.model.Printable;
import dev.modelbake.model.UsageException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Hosts that a guarded command may reach: {@code HOST}, {@code HOST:PORT}, {@code *.DOMAIN}, an
 * address, {@code [ADDRESS]:PORT}. {@code modelbake_guard.py} has the same rules in its language.
 */
final class AllowedHosts {
  private static final Pattern BRACKETED = Pattern.compile("\\[([0-9a-f:.]*:[0-9a-f:.]*)](:.*)?");
  private static final Pattern SIX = Pattern.compile("[0-9a-f.]*:[0-9a-f.]*:[0-9a-f:.]*");
  private static final Pattern NAME =
      Pattern.compile("(?=.{1,254}$)[a-z0-9_-]{1,63}(?:\\.[a-z0-9_-]{1,63})*\\.?");
  private static final Pattern PORT = Pattern.compile("[0-9]{1,5}");
  private static final int MOST_PORT = 65_535;
  private static final int LONGEST_TEXT = 300;

  private static final String EVERY = "*";

  /** Every host. */
  static final AllowedHosts ALL = new AllowedHosts(new Rule(EVERY, OptionalInt.empty()));

  private final List<Rule> rules;

  private AllowedHosts(Rule rule) {
    rules = List.of(rule);
  }

  private record Rule(String host, OptionalInt port) {
    boolean covers(String other, int otherPort) {
      boolean same = host.startsWith("*.") ? other.endsWith(host.substring(1)) : other.equals(host);
      boolean open = port.isEmpty() || otherPort == 0 || port.getAsInt() == otherPort;
      return (same || host.equals(EVERY)) && open;
    }

    static Optional<Rule> of(String text) {
      String lower = text.toLowerCase(Locale.ROOT);
      Matcher bracketed = BRACKETED.matcher(lower);
      if (bracketed.matches()) {
        return port(bracketed.group(2))
            .flatMap(
                port -> HostForm.address(bracketed.group(1)).map(host -> new Rule(host, port)));
      }
      if (SIX.matcher(lower).matches()) {
        return HostForm.address(lower).map(host -> new Rule(host, OptionalInt.empty()));
      }
      int colon = lower.indexOf(':');
      String host = colon < 0 ? lower : lower.substring(0, colon);
      return port(colon < 0 ? null : lower.substring(colon))
          .flatMap(port -> name(host).map(name -> new Rule(name, port)));
    }

    /** The port behind a colon, none when there is no colon; nothing when that is no port. */
    private static Optional<OptionalInt> port(@Nullable String text) {
      if (text == null) {
        return Optional.of(OptionalInt.empty());
      }
      String digits = text.substring(1);
      int port = PORT.matcher(digits).matches() ? Integer.parseInt(digits) : 0;
      return port < 1 || port > MOST_PORT ? Optional.empty() : Optional.of(OptionalInt.of(port));
    }

    private static Optional<String> name(String text) {
      boolean below = text.startsWith("*.");
      String host = below ? text.substring(2) : text;
      if (!NAME.matcher(host).matches()) {
        return Optional.empty();
      }
      String name = HostForm.of(host);
      boolean address = HostForm.address(name).isPresent();
      boolean numeric = name.substring(name.lastIndexOf('.') + 1).matches("[0-9]+");
      if (address ? below : numeric) {
        return Optional.empty(); // neither below an address, nor an address that is none
      }
      return Optional.of(below ? "*." + name : name);
    }
  }

  /**
   * Reads the rules.
   *
   * @throws UsageException if one is none
   */
  AllowedHosts(List<String> texts) {
    rules =
        texts.stream()
            .map(
                text ->
                    Rule.of(text)
                        .orElseThrow(
                            () ->
                                new UsageException(
                                    "reading --allow",
                                    "'" + Printable.of(text, LONGEST_TEXT) + "' is no host",
                                    "write HOST, HOST:PORT or *.DOMAIN")))
            .toList();
  }

  /**
   * Whether a host may be reached: it is allowed, or it is this machine.
   *
   * @param port 0 when only its name is looked up
   */
  boolean covers(String host, int port) {
    String name = HostForm.of(host);
    return HostForm.isLocal(name) || rules.stream().anyMatch(rule -> rule.covers(name, port));
  }

  /** Whether there is one besides this machine. */
  boolean areAway() {
    return rules.stream().anyMatch(rule -> !HostForm.isLocal(rule.host()));
  }

  /** Whether a name or address is this machine. */
  static boolean isLocal(String host) {
    return HostForm.isLocal(HostForm.of(host));
  }
}
