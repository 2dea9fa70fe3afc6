package dev.modelbake.manifest;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

/** Damages a text in the ways that people, editors and attackers do. */
final class Mutations {
  private static final List<String> WORDS =
      List.of(
          "",
          " ",
          "\n",
          "\t",
          "\r",
          "\0",
          ":",
          "- ",
          "[",
          "]",
          "{",
          "}",
          "\"",
          "'",
          "#",
          "&a ",
          "*a",
          "<<: ",
          "!!int ",
          "? ",
          "| ",
          "> ",
          "%YAML 1.1\n",
          "---\n",
          "...\n",
          "null",
          "~",
          "true",
          "-1",
          "0x1F",
          "1e3",
          ".inf",
          "9999999999999999999999",
          "${",
          "${A}",
          "${A:-b}",
          "..",
          "/",
          "\\",
          "%00",
          "%",
          "@",
          "file:x",
          "oci://h/r",
          "https://h/x",
          "\u202e",
          "\ud83d\ude00",
          "\ufeff",
          "\u0085",
          "\\ud800",
          "\\x00",
          "unpack: zip",
          "unpack: gz",
          "members: []",
          "path: x",
          "size: 0",
          "sha256: " + "0".repeat(64),
          "{hex}",
          "a".repeat(300));

  private final RandomGenerator random;

  Mutations(RandomGenerator random) {
    this.random = random;
  }

  /** The text with one to four changes. */
  byte[] of(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    for (int i = random.nextInt(1, 5); i > 0; i--) {
      bytes = change(bytes);
    }
    return bytes;
  }

  private byte[] change(byte[] bytes) {
    int from = random.nextInt(bytes.length + 1);
    int to = Math.min(bytes.length, from + random.nextInt(1, 12));
    return switch (random.nextInt(6)) {
      case 0 -> join(bytes, from, to, new byte[0]);
      case 1 -> join(bytes, from, from, word());
      case 2 -> join(bytes, from, to, word());
      case 3 -> join(bytes, from, from, part(bytes));
      case 4 -> join(bytes, from, Math.min(bytes.length, from + 1), anyByte());
      default -> join(bytes, from, bytes.length, new byte[0]);
    };
  }

  private byte[] word() {
    return WORDS.get(random.nextInt(WORDS.size())).getBytes(StandardCharsets.UTF_8);
  }

  private byte[] anyByte() {
    return new byte[] {(byte) random.nextInt(256)};
  }

  private byte[] part(byte[] bytes) {
    int from = random.nextInt(bytes.length + 1);
    int length = Math.min(bytes.length - from, random.nextInt(200));
    return Arrays.copyOfRange(bytes, from, from + length);
  }

  private static byte[] join(byte[] bytes, int from, int to, byte[] between) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(bytes, 0, from);
    out.writeBytes(between);
    out.write(bytes, to, bytes.length - to);
    return out.toByteArray();
  }
}
