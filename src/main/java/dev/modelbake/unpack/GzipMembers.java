package dev.modelbake.unpack;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import java.util.zip.ZipException;

/**
 * The members of a gzip stream, one behind the other, and nothing else (RFC 1952). What their
 * headers say, such as a name, is passed over and never kept, however long it is.
 */
final class GzipMembers extends InputStream {
  private static final int BUFFER = 64 << 10;
  private static final int MAGIC_1 = 0x1f;
  private static final int MAGIC_2 = 0x8b;
  private static final int DEFLATE = 8;
  private static final int HEADER_CRC = 2;
  private static final int EXTRA = 4;
  private static final int NAME = 8;
  private static final int COMMENT = 16;
  private static final int RESERVED = 0xe0;

  /** Time, extra flags and operating system. */
  private static final int REST_OF_HEADER = 6;

  private final InputStream in;
  private final Inflater inflater = new Inflater(true);
  private final CRC32 content = new CRC32();
  private final CRC32 header = new CRC32();
  private final byte[] buffer = new byte[BUFFER];
  private int at;
  private int end;
  private boolean inside;

  GzipMembers(InputStream in) {
    this.in = in;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    while (inside || begin()) {
      int n = inflate(bytes, offset, length);
      if (n > 0) {
        content.update(bytes, offset, n);
        return n;
      }
      if (inflater.finished()) {
        finish();
      } else if (inflater.needsInput()) {
        if (at == end) {
          requireMore();
        }
        inflater.setInput(buffer, at, end - at);
        at = end;
      } else {
        throw new ZipException("the deflate stream asks for a dictionary");
      }
    }
    return -1;
  }

  private int inflate(byte[] bytes, int offset, int length) throws ZipException {
    try {
      return inflater.inflate(bytes, offset, length);
    } catch (DataFormatException e) {
      throw new ZipException(e.getMessage() == null ? "no deflate stream" : e.getMessage());
    }
  }

  /** Reads the header of the next member; false at the end. */
  private boolean begin() throws IOException {
    if (at == end && !fill()) {
      return false;
    }
    header.reset();
    if (next() != MAGIC_1 || next() != MAGIC_2) {
      throw new ZipException("something that is no gzip member follows");
    }
    int method = next();
    int flags = next();
    if (method != DEFLATE || (flags & RESERVED) != 0) {
      throw new ZipException("a gzip header of an unknown sort");
    }
    skip(REST_OF_HEADER);
    if ((flags & EXTRA) != 0) {
      int low = next();
      skip(low | next() << 8);
    }
    skipText(flags & NAME);
    skipText(flags & COMMENT);
    if ((flags & HEADER_CRC) != 0) {
      int sum = (int) header.getValue() & 0xffff;
      int low = next();
      if ((low | next() << 8) != sum) {
        throw new ZipException("the sum of a gzip header is wrong");
      }
    }
    inflater.reset();
    content.reset();
    inside = true;
    return true;
  }

  private void skip(int number) throws IOException {
    for (int i = 0; i < number; i++) {
      next();
    }
  }

  private void skipText(int flag) throws IOException {
    while (flag != 0 && next() != 0) {
      // A text ends with a zero.
    }
  }

  private void finish() throws IOException {
    at = end - inflater.getRemaining();
    long written = inflater.getBytesWritten();
    if (number() != content.getValue()) {
      throw new ZipException("the sum of a gzip member is wrong");
    }
    if (number() != (written & 0xffffffffL)) {
      throw new ZipException("the length of a gzip member is wrong");
    }
    inside = false;
  }

  private long number() throws IOException {
    long number = 0;
    for (int shift = 0; shift < 32; shift += 8) {
      number |= (long) next() << shift;
    }
    return number;
  }

  private int next() throws IOException {
    if (at == end) {
      requireMore();
    }
    int b = buffer[at++] & 0xff;
    header.update(b);
    return b;
  }

  private void requireMore() throws IOException {
    if (!fill()) {
      throw new EOFException("the gzip stream ends early");
    }
  }

  private boolean fill() throws IOException {
    at = 0;
    end = Math.max(0, in.read(buffer, 0, BUFFER));
    return end > 0;
  }

  @Override
  public void close() throws IOException {
    inflater.end();
    in.close();
  }
}
