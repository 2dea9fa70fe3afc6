package dev.modelbake.unpack;

import dev.modelbake.model.DiskException;
import dev.modelbake.model.Reason;
import dev.modelbake.store.Blob;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.util.Arrays;

/**
 * The bytes of a proven blob, buffered; a read that fails is the disk's fault, not the archive's.
 *
 * <p>Without locks, unlike the Java runtime's buffered stream: decoders ask for single bytes, some
 * of them for every single one.
 */
final class BlobBytes extends InputStream {
  private static final int BUFFER = 256 << 10;

  private final InputStream in;
  private final String where;
  private final byte[] buffer = new byte[BUFFER];
  private int at;
  private int end;

  BlobBytes(InputStream in, String where) {
    this.in = in;
    this.where = where;
  }

  static BlobBytes of(Blob blob) throws IOException {
    return new BlobBytes(Files.newInputStream(blob.path()), blob.path().toString());
  }

  /** The next bytes, at most this many, fewer only at the end; they stay to be read. */
  byte[] peek(int most) {
    if (end - at < most) {
      System.arraycopy(buffer, at, buffer, 0, end - at);
      end -= at;
      at = 0;
      int n = 0;
      while (end < most && n >= 0) {
        n = fill(buffer, end, BUFFER - end);
        end += Math.max(n, 0);
      }
    }
    return Arrays.copyOfRange(buffer, at, Math.min(at + most, end));
  }

  @Override
  public int read() {
    if (at == end && !refill()) {
      return -1;
    }
    return buffer[at++] & 0xff;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) {
    if (at == end) {
      if (length >= BUFFER) {
        return fill(bytes, offset, length);
      }
      if (length > 0 && !refill()) {
        return -1;
      }
    }
    int n = Math.min(length, end - at);
    System.arraycopy(buffer, at, bytes, offset, n);
    at += n;
    return n;
  }

  @Override
  public int available() throws IOException {
    return end - at + in.available();
  }

  @Override
  public void close() throws IOException {
    in.close();
  }

  private boolean refill() {
    at = 0;
    end = Math.max(0, fill(buffer, 0, BUFFER));
    return end > 0;
  }

  private int fill(byte[] bytes, int offset, int length) {
    try {
      return in.read(bytes, offset, length);
    } catch (IOException e) {
      throw new DiskException(
          "reading " + where,
          where,
          Reason.of(e),
          "mend the disk; its bytes were right when they were written",
          e);
    }
  }
}
