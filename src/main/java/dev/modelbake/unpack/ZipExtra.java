package dev.modelbake.unpack;

import java.nio.ByteBuffer;
import java.util.Arrays;

/** The extra fields of one zip header (APPNOTE.TXT 4.5), as little-endian bytes. */
record ZipExtra(ByteBuffer bytes) {
  private static final int ZIP64 = 0x0001;

  /**
   * The Unicode path of Info-ZIP (APPNOTE.TXT 4.6.9): a version, a CRC of the name, another name.
   */
  private static final int UNICODE_PATH = 0x7075;

  private static final int PATH_OFFSET = 5;
  private static final int MAX_16 = 0xffff;

  /** The sizes of the field for zip64; empty when there is none. */
  ByteBuffer zip64() {
    for (int at = 0; hasField(at); at = after(at)) {
      if (id(at) == ZIP64) {
        return content(at);
      }
    }
    return ByteBuffer.allocate(0);
  }

  /** Whether a reader that goes by these fields sees another name. */
  boolean renames(byte[] name) {
    for (int at = 0; hasField(at); at = after(at)) {
      if (id(at) == UNICODE_PATH && !Arrays.equals(name, path(content(at)))) {
        return true;
      }
    }
    return false;
  }

  private static byte[] path(ByteBuffer field) {
    byte[] path = new byte[Math.max(0, field.remaining() - PATH_OFFSET)];
    field.get(field.limit() - path.length, path);
    return path;
  }

  private boolean hasField(int at) {
    return at + 4 <= bytes.limit() && after(at) <= bytes.limit();
  }

  private int id(int at) {
    return bytes.getShort(at) & MAX_16;
  }

  private int after(int at) {
    return at + 4 + (bytes.getShort(at + 2) & MAX_16);
  }

  private ByteBuffer content(int at) {
    return bytes.slice(at + 4, after(at) - at - 4).order(bytes.order());
  }
}
