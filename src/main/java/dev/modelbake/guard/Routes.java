package dev.modelbake.guard;

import java.io.IOException;
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
 */
record Routes(List<String> interfaces, OptionalLong refused) {
  private static final String LOOPBACK = "lo";
  private static final String COUNTER = "OutNoRoutes";

  /** Reads them; nothing when they cannot be read, which is not the same as no way out. */
  static Optional<Routes> read() {
    Path net = Path.of("/proc/net");
    try {
      String four = text(net.resolve("route"));
      Path six = net.resolve("ipv6_route");
      Path counters = net.resolve("snmp6");
      return Optional.of(
          of(
              four,
              Files.exists(six) ? text(six) : "",
              text(net.resolve("snmp")),
              Files.exists(counters) ? text(counters) : ""));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** Understands the texts of {@code route}, {@code ipv6_route}, {@code snmp} and {@code snmp6}. */
  static Routes of(String route, String route6, String snmp, String snmp6) {
    List<String> four = route.lines().skip(1).map(line -> line.split("\\s+", 2)[0]).toList();
    List<String> six =
        route6
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
    OptionalLong refused4 = ofSnmp(snmp);
    OptionalLong refused6 = ofSnmp6(snmp6);
    return new Routes(
        out,
        refused4.isEmpty() ? refused4 : OptionalLong.of(refused4.getAsLong() + refused6.orElse(0)));
  }

  /** Whether there is any way out. */
  boolean lead() {
    return !interfaces.isEmpty();
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
