package dev.modelbake.guard;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Names and addresses in one form, however they are spelled; {@code modelbake_guard.py} has the
 * same in its language.
 */
final class HostForm {
  private static final Set<String> LOCAL =
      Set.of(
          "",
          "localhost",
          "localhost.localdomain",
          "ip6-localhost",
          "ip6-loopback",
          "::1",
          "::",
          "0.0.0.0");

  private static final Pattern LOOPBACK = Pattern.compile("127(?:\\.[0-9]{1,3}){3}");
  private static final Pattern NUMBER =
      Pattern.compile("0x[0-9a-f]{1,12}|0[0-7]{0,12}|[1-9][0-9]{0,11}");

  private HostForm() {}

  /** A host in small letters, without brackets and last dot; an address as it is usually shown. */
  static String of(String text) {
    String plain = text.toLowerCase(Locale.ROOT).replaceFirst("^\\[(.*)]$", "$1");
    String name = plain.replaceFirst("\\.+$", "");
    return address(name).orElse(name);
  }

  /** Whether a host, in this form, is this machine. */
  static boolean isLocal(String host) {
    return LOCAL.contains(host)
        || host.endsWith(".localhost")
        || LOOPBACK.matcher(host).matches()
        || host.equals(ownName());
  }

  private static String ownName() {
    try {
      Path name = Path.of("/proc/sys/kernel/hostname");
      return Files.readString(name, StandardCharsets.ISO_8859_1).strip().toLowerCase(Locale.ROOT);
    } catch (IOException e) {
      return "localhost";
    }
  }

  /** An address in any spelling that inet_aton(3) and inet_pton(3) take; nothing for a name. */
  static Optional<String> address(String text) {
    return text.contains(":") ? ofSix(text.replaceFirst("%.*", "")) : ofFour(text);
  }

  private static Optional<String> ofFour(String text) {
    String[] parts = text.split("\\.", -1);
    if (parts.length > 4) {
      return Optional.empty();
    }
    long address = 0;
    for (int i = 0; i < parts.length; i++) {
      int bytes = i == parts.length - 1 ? 4 - i : 1; // the last part fills what is left
      long part = number(parts[i]);
      if (part < 0 || part >= 1L << (8 * bytes)) {
        return Optional.empty();
      }
      address = (address << (8 * bytes)) | part;
    }
    return Optional.of(
        "%d.%d.%d.%d"
            .formatted(
                address >> 24, (address >> 16) & 0xff, (address >> 8) & 0xff, address & 0xff));
  }

  private static long number(String text) {
    if (!NUMBER.matcher(text).matches()) {
      return -1;
    }
    return text.startsWith("0x")
        ? Long.parseLong(text.substring(2), 16)
        : Long.parseLong(text, text.startsWith("0") ? 8 : 10);
  }

  private static Optional<String> ofSix(String text) {
    byte[] bytes;
    try {
      bytes = InetAddress.getByName(text).getAddress(); // with a colon it is never looked up
    } catch (IOException e) {
      return Optional.empty();
    }
    if (bytes.length == 4) { // it was mapped
      return ofFour(
          "%d.%d.%d.%d"
              .formatted(bytes[0] & 0xff, bytes[1] & 0xff, bytes[2] & 0xff, bytes[3] & 0xff));
    }
    List<String> groups = new ArrayList<>();
    for (int i = 0; i < bytes.length; i += 2) {
      groups.add(Integer.toHexString(((bytes[i] & 0xff) << 8) | (bytes[i + 1] & 0xff)));
    }
    return Optional.of(shortened(groups));
  }

  /** RFC 5952, section 4.2: the longest run of zeros, the first of several, is left out. */
  private static String shortened(List<String> groups) {
    int best = 0;
    int length = 1;
    for (int from = 0; from < groups.size(); from++) {
      int to = from;
      while (to < groups.size() && groups.get(to).equals("0")) {
        to++;
      }
      if (to - from > length) {
        best = from;
        length = to - from;
      }
    }
    if (length == 1) {
      return String.join(":", groups);
    }
    return String.join(":", groups.subList(0, best))
        + "::"
        + String.join(":", groups.subList(best + length, groups.size()));
  }
}
