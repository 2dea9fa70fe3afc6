package dev.modelbake.unpack;

import static dev.modelbake.unpack.Archives.ascii;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A tar made byte by byte: a library's writer is kinder than an attacker. */
final class TarBytes {
  static final int BLOCK = 512;

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  /** A header, of which tests change what they like before it is written. */
  static final class Header {
    private final byte[] block = new byte[BLOCK];

    Header(String name, char type, long size) {
      this(name.getBytes(StandardCharsets.UTF_8), type, size);
    }

    Header(byte[] name, char type, long size) {
      put(0, 100, name);
      put(100, "0000644\0");
      put(108, "0000000\0");
      put(116, "0000000\0");
      put(124, "%011o\0".formatted(size));
      put(136, "00000000000\0");
      block[156] = (byte) type;
      put(257, "ustar\00000");
    }

    Header put(int offset, String text) {
      return put(offset, text.length(), ascii(text));
    }

    /** Puts bytes into a field and zeros behind them. */
    Header put(int offset, int length, byte[] value) {
      Arrays.fill(block, offset, offset + length, (byte) 0);
      System.arraycopy(value, 0, block, offset, Math.min(length, value.length));
      return this;
    }

    Header linkTo(String target) {
      return put(157, 100, target.getBytes(StandardCharsets.UTF_8));
    }

    byte[] bytes() {
      Arrays.fill(block, 148, 156, (byte) ' ');
      int sum = 0;
      for (byte one : block) {
        sum += one & 0xff;
      }
      put(148, "%06o\0 ".formatted(sum));
      return block.clone();
    }
  }

  TarBytes header(Header header) {
    bytes.writeBytes(header.bytes());
    return this;
  }

  /** Content, up to the next whole block. */
  TarBytes content(byte[] content) {
    bytes.writeBytes(content);
    bytes.writeBytes(new byte[(BLOCK - content.length % BLOCK) % BLOCK]);
    return this;
  }

  TarBytes entry(String name, char type, byte[] content) {
    return header(new Header(name, type, content.length)).content(content);
  }

  TarBytes file(String name, byte[] content) {
    return entry(name, '0', content);
  }

  TarBytes link(String name, char type, String target) {
    return header(new Header(name, type, 0).linkTo(target));
  }

  /** A pax header of type {@code x} or {@code g}; records are {@code key=value}. */
  TarBytes pax(char type, String... records) {
    return entry("pax", type, records(records));
  }

  static byte[] records(String... records) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (String record : records) {
      byte[] text = (" " + record + "\n").getBytes(StandardCharsets.UTF_8);
      int length = text.length + 1;
      while (String.valueOf(length).length() + text.length != length) {
        length++;
      }
      all.writeBytes(ascii(String.valueOf(length)));
      all.writeBytes(text);
    }
    return all.toByteArray();
  }

  /** The whole, with its end marker. */
  byte[] end() {
    bytes.writeBytes(new byte[2 * BLOCK]);
    return bytes.toByteArray();
  }
}
