package dev.modelbake.guard;

import java.io.IOException;
import java.net.NetworkInterface;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

/**
 * What the kernel says of ways out of this machine, as proc(5) shows it for the network namespace
 * of this process.
 *
 * @param interfaces others than loopback that a route leads through; empty when there is no way out
 * @param refused packets that had no route so far, of IPv4 and IPv6
 * @param six whether IPv6 is in use: where it is off, nobody counts who tries it
 * @param loopback while it is down, packets for this machine have no route either, and are counted
 */
record Routes(List<String> interfaces, OptionalLong refused, State six, State loopback) {
  /** Whether something is in use. */
  enum State {
    UP,
    DOWN
  }

  /** What the kernel shows of them. */
  record Texts(String route, String route6, String snmp, String snmp6, String addresses6) {}

  private static final String LOOPBACK = "lo";
  private static final String COUNTER = "OutNoRoutes";

  /** Reads them; nothing when they cannot be read, which is not the same as no way out. */
  static Optional<Routes> read() {
    Path net = Path.of("/proc/net");
    try {
      String four = text(net.resolve("route"));
      Path six = net.resolve("ipv6_route");
      Path counters = net.resolve("snmp6");
      Path addresses = net.resolve("if_inet6");
      return Optional.of(
          of(
              new Texts(
                  four,
                  Files.exists(six) ? text(six) : "",
                  text(net.resolve("snmp")),
                  Files.exists(counters) ? text(counters) : "",
                  Files.exists(addresses) ? text(addresses) : ""),
              ofLoopback()));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static State ofLoopback() throws IOException {
    NetworkInterface loopback = NetworkInterface.getByName(LOOPBACK);
    return loopback != null && loopback.isUp() ? State.UP : State.DOWN; // down it may be hidden
  }

  /** Understands the texts of the kernel. */
  static Routes of(Texts texts, State loopback) {
    List<String> four =
        texts.route().lines().skip(1).map(line -> line.split("\\s+", 2)[0]).toList();
    List<String> six =
        texts
            .route6()
            .lines()
            .filter(line -> !line.isBlank())
            .map(line -> line.substring(line.lastIndexOf(' ') + 1))
            .toList();
    List<String> out =
        Stream.concat(four.stream(), six.stream())
            .filter(name -> !name.isBlank() && !name.equals(LOOPBACK))
            .distinct()
            .sorted()
            .toList();
    OptionalLong refused4 = ofSnmp(texts.snmp());
    OptionalLong refused6 = ofSnmp6(texts.snmp6());
    return new Routes(
        out,
        refused4.isEmpty() ? refused4 : OptionalLong.of(refused4.getAsLong() + refused6.orElse(0)),
        texts.addresses6().isBlank() ? State.DOWN : State.UP,
        loopback);
  }

  /** Whether there is any way out. */
  boolean lead() {
    return !interfaces.isEmpty();
  }

  /** Whether nothing can leave, and whoever tries is counted. */
  boolean prove() {
    return !lead() && loopback == State.UP && refused.isPresent();
  }

  /** What they are worth, for people. */
  String says() {
    if (lead()) {
      return "a route leads out, through " + String.join(", ", interfaces);
    }
    if (loopback == State.DOWN) {
      return "no route leads out, but loopback is down: the kernel counts what is meant for this"
          + " machine too";
    }
    if (refused.isEmpty()) {
      return "no route leads out, but the kernel does not count who tries";
    }
    return "no route leads out of here, and the kernel counts who tries"
        + (six == State.DOWN ? "; IPv6 is off here and not counted" : "");
  }

  /** What would make them worth more, for people; nothing when they prove. */
  Optional<String> remedy() {
    if (prove()) {
      return Optional.empty();
    }
    if (lead()) {
      return Optional.of("run it without a network, as `docker run --network none` does");
    }
    return Optional.of(
        loopback == State.DOWN
            ? "set loopback up, with `ip link set lo up`"
            : "run it where /proc/net/snmp has " + COUNTER);
  }

  /** A line of names is followed by a line of numbers, both beginning with {@code Ip:}. */
  private static OptionalLong ofSnmp(String text) {
    List<String> lines = text.lines().filter(line -> line.startsWith("Ip: ")).toList();
    if (lines.size() != 2) {
      return OptionalLong.empty();
    }
    int at = List.of(lines.get(0).split(" ", -1)).indexOf(COUNTER);
    String[] values = lines.get(1).split(" ", -1);
    return at < 0 || at >= values.length ? OptionalLong.empty() : number(values[at]);
  }

  private static OptionalLong ofSnmp6(String text) {
    return text.lines()
        .filter(line -> line.startsWith("Ip6" + COUNTER))
        .map(line -> number(line.substring(("Ip6" + COUNTER).length()).strip()))
        .findFirst()
        .orElse(OptionalLong.empty());
  }

  private static OptionalLong number(String text) {
    return text.matches("[0-9]{1,18}")
        ? OptionalLong.of(Long.parseLong(text))
        : OptionalLong.empty();
  }

  private static String text(Path file) throws IOException {
    return new String(Files.readAllBytes(file), StandardCharsets.US_ASCII);
  }
}
