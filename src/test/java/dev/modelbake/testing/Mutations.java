package dev.modelbake.testing;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

/** Damages bytes in the ways that people, editors, networks and attackers do. */
public final class Mutations {
  /** What is odd in any format. */
  private static final List<String> COMMON =
      List.of(
          "",
          " ",
          "\n",
          "\r\n",
          "\t",
          "\0",
          ":",
          ",",
          ";",
          "=",
          "\"",
          "'",
          "\\",
          "/",
          "..",
          "../",
          "%00",
          "[",
          "]",
          "{",
          "}",
          "<",
          ">",
          "null",
          "true",
          "-",
          "é",
          "\u202e",
          "\u2028",
          "\ud83d\ude00",
          "\ufeff",
          "\ufffd",
          "\\ud800",
          "\\u0000",
          "\u001b[2J");

  private static final List<String> NUMBERS =
      List.of(
          "-1",
          "0",
          "00",
          "1e3",
          "1e999999999",
          "-1e-999999999",
          "0.5",
          "0x1F",
          "2147483647",
          "2147483648",
          "4294967296",
          "9223372036854775807",
          "9223372036854775808",
          "-9223372036854775809",
          "99999999999999999999999999",
          "9".repeat(120),
          "١",
          "NaN");

  private static final int LONGEST_PART = 200;
  private static final int LONGEST_RUN = 20_000;

  private final RandomGenerator random;
  private final List<String> words;

  /** Mutations which also put in these words of the format. */
  public Mutations(RandomGenerator random, List<String> words) {
    this.random = random;
    this.words = List.copyOf(words);
  }

  /** The bytes with one to four changes. */
  public byte[] of(byte[] whole) {
    byte[] bytes = whole;
    for (int i = random.nextInt(1, 5); i > 0; i--) {
      bytes = change(bytes);
    }
    return bytes;
  }

  private byte[] change(byte[] bytes) {
    int from = random.nextInt(bytes.length + 1);
    int to = Math.min(bytes.length, from + random.nextInt(1, 12));
    int one = Math.min(bytes.length, from + 1);
    return switch (random.nextInt(40)) {
      case 0, 1, 2, 3, 4 -> join(bytes, from, to, new byte[0]);
      case 5, 6, 7, 8, 9 -> join(bytes, from, from, word());
      case 10, 11, 12, 13, 14 -> join(bytes, from, to, word());
      case 15, 16, 17, 18, 19 -> join(bytes, from, from, part(bytes));
      case 20, 21, 22, 23, 24 -> join(bytes, from, one, anyByte());
      case 25, 26, 27 -> bytes.length == 0 ? bytes : flip(bytes);
      case 28, 29, 30 -> join(bytes, from, bytes.length, new byte[0]);
      case 31, 32, 33, 34 -> number(bytes, from);
      case 35 -> join(bytes, from, from, nest());
      case 36 -> join(bytes, from, from, run());
      case 37 -> join(bytes, 0, from, new byte[0]);
      case 38 -> join(bytes, from, to, part(bytes));
      default -> join(bytes, bytes.length, bytes.length, bytes);
    };
  }

  private byte[] word() {
    List<String> list = words.isEmpty() || random.nextInt(3) == 0 ? COMMON : words;
    return text(list.get(random.nextInt(list.size())));
  }

  private byte[] anyByte() {
    return new byte[] {(byte) random.nextInt(256)};
  }

  private byte[] part(byte[] bytes) {
    int from = random.nextInt(bytes.length + 1);
    int length = Math.min(bytes.length - from, random.nextInt(LONGEST_PART));
    return Arrays.copyOfRange(bytes, from, from + length);
  }

  private byte[] flip(byte[] bytes) {
    byte[] flipped = bytes.clone();
    flipped[random.nextInt(flipped.length)] ^= (byte) (1 << random.nextInt(8));
    return flipped;
  }

  /** Another number for the next one, or one put in. */
  private byte[] number(byte[] bytes, int from) {
    int begin = from;
    while (begin < bytes.length && !isDigit(bytes[begin])) {
      begin++;
    }
    int end = begin;
    while (end < bytes.length && isDigit(bytes[end])) {
      end++;
    }
    return join(bytes, begin, end, text(NUMBERS.get(random.nextInt(NUMBERS.size()))));
  }

  private static boolean isDigit(byte b) {
    return b >= '0' && b <= '9';
  }

  private byte[] nest() {
    String open = List.of("[", "{", "{\"a\":", "[[", "(", "<", "\"", "- ").get(random.nextInt(8));
    return text(open.repeat(random.nextInt(1, 3000)));
  }

  private byte[] run() {
    byte[] run = new byte[random.nextInt(1, LONGEST_RUN)];
    String common = " \n0a/:,=\"\\\u0000-";
    Arrays.fill(run, (byte) common.charAt(random.nextInt(common.length())));
    return run;
  }

  private static byte[] text(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] join(byte[] bytes, int from, int to, byte[] between) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(bytes, 0, from);
    out.writeBytes(between);
    out.write(bytes, to, bytes.length - to);
    return out.toByteArray();
  }
}
