package dev.modelbake.unpack;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashSet;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.commons.compress.archivers.tar.TarConstants;

/**
 * Follows the headers of a tar while its bytes pass, on its own and by their old fields alone (pax,
 * POSIX.1-2017). Where the library stands at the end of another header than this, the archive can
 * be read in two ways.
 *
 * <p>Extended headers are bounded before the library keeps them: their size, how many stand before
 * one entry, and how much of them there is in all.
 */
final class TarHeaders {
  private static final int BLOCK = TarConstants.DEFAULT_RCDSIZE;
  private static final int SIZE_OFFSET = 124;
  private static final int SIZE_LENGTH = 12;
  private static final int TYPE_OFFSET = 156;
  private static final String EXTENDED = "xXgLK";
  private static final String GLOBAL = "g";
  private static final int MOST_IN_A_ROW = 8;
  private static final long MOST_BYTES = 1 << 20;
  private static final long MOST_IN_ALL = 256 << 20;
  private static final long NOWHERE = Long.MAX_VALUE;

  /** A pax record, or the beginning of a long name of GNU. */
  private static final Pattern ABSOLUTE = Pattern.compile("(?:^|\n)(?:[0-9]+ path=)?/");

  /** A size that is no number, or one that no file has. */
  private static final Pattern NO_SIZE = Pattern.compile("(?:^|\n)[0-9]+ size=(?![0-9]{1,18}\n)");

  private final Refusal refusal;
  private final byte[] header = new byte[BLOCK];
  private final Set<String> row = new HashSet<>();
  private final ByteArrayOutputStream texts = new ByteArrayOutputStream();
  private long textsFrom = NOWHERE;
  private int inRow;
  private int filled;
  private long next;
  private long end;
  private long inAll;
  private long global;

  TarHeaders(Refusal refusal) {
    this.refusal = refusal;
  }

  /** Says where the headers of the next entry begin, in bytes from the beginning. */
  void expect(long at) {
    next = at;
    filled = 0;
    inRow = 0;
    row.clear();
    texts.reset();
    textsFrom = NOWHERE;
  }

  /** Sees bytes of the tar that begin at a position. */
  void see(long at, byte[] bytes, int offset, int length) {
    long last = at + length;
    while (Math.min(next, textsFrom) < last) {
      if (textsFrom < next) {
        int from = (int) (textsFrom - at);
        int n = (int) Math.min(next - textsFrom, length - from);
        texts.write(bytes, offset + from, n);
        textsFrom += n;
        if (textsFrom < next) {
          return;
        }
        textsFrom = NOWHERE;
        continue;
      }
      int from = (int) Math.max(0, next + filled - at);
      int n = Math.min(BLOCK - filled, length - from);
      System.arraycopy(bytes, offset + from, header, filled, n);
      filled += n;
      if (filled < BLOCK) {
        return;
      }
      take();
    }
  }

  private void take() {
    String type = String.valueOf((char) (header[TYPE_OFFSET] & 0xff));
    if (!EXTENDED.contains(type)) {
      end = next + BLOCK;
      next = NOWHERE;
      return;
    }
    long size = size().orElse(Long.MAX_VALUE);
    if (size > MOST_BYTES) {
      throw refusal.whole("the tar has an extended header of more than 1 MiB");
    }
    inAll += size;
    global += type.equals(GLOBAL) ? size : 0;
    if (++inRow > MOST_IN_A_ROW || inAll > MOST_IN_ALL || global > MOST_BYTES) {
      throw refusal.whole("the tar has more extended headers than any entry needs");
    }
    if (!row.add(type) && !type.equals(GLOBAL)) {
      throw refusal.whole("the tar has two extended headers for one entry");
    }
    texts.write('\n');
    textsFrom = size == 0 ? NOWHERE : next + BLOCK;
    next += BLOCK + (size + BLOCK - 1) / BLOCK * BLOCK;
    filled = 0;
  }

  /** Whether the fields for names and GNU's long names are UTF-8; the library makes them so. */
  boolean isUtf8() {
    boolean posix = header[263 - 1] == 0;
    return isUtf8(field(0, 100))
        && isUtf8(field(157, 100))
        && (!posix || isUtf8(field(345, 155)))
        && isUtf8(texts.toByteArray());
  }

  /** Whether an extended header names an absolute path; the library makes it relative. */
  boolean isAbsolute() {
    return ABSOLUTE.matcher(texts.toString(StandardCharsets.ISO_8859_1)).find();
  }

  /** Whether an extended header gives a size that none is; readers make different things of it. */
  boolean hasNoSize() {
    return NO_SIZE.matcher(texts.toString(StandardCharsets.ISO_8859_1)).find();
  }

  private byte[] field(int offset, int length) {
    int end = offset;
    while (end < offset + length && header[end] != 0) {
      end++;
    }
    return Arrays.copyOfRange(header, offset, end);
  }

  private static boolean isUtf8(byte[] bytes) {
    try {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
      return true;
    } catch (CharacterCodingException e) {
      return false;
    }
  }

  /** Whether the last header that was seen is the one of an entry and ends at a position. */
  boolean isEntryBefore(long at) {
    return next == NOWHERE && end == at;
  }

  /** The size that the old field of the last header gives; empty when it is no number. */
  OptionalLong size() {
    byte[] field = Arrays.copyOfRange(header, SIZE_OFFSET, SIZE_OFFSET + SIZE_LENGTH);
    if ((field[0] & 0x80) != 0) {
      return binary(field);
    }
    String octal = new String(field, StandardCharsets.ISO_8859_1).replace('\0', ' ').trim();
    if (octal.isEmpty()) {
      return OptionalLong.of(0);
    }
    return octal.matches("[0-7]{1,12}")
        ? OptionalLong.of(Long.parseLong(octal, 8))
        : OptionalLong.empty();
  }

  /** GNU's form for large numbers: the first bit set, the rest big-endian. */
  private static OptionalLong binary(byte[] field) {
    long value = field[0] & 0x7f;
    for (int i = 1; i < field.length; i++) {
      if (value > Long.MAX_VALUE >> 8) {
        return OptionalLong.empty();
      }
      value = value << 8 | (field[i] & 0xff);
    }
    return OptionalLong.of(value);
  }
}
