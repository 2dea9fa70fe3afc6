package dev.modelbake.unpack;

import dev.modelbake.model.DiskException;
import dev.modelbake.store.Blob;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;

/** The bytes of a proven blob; a read that fails is the disk's fault, not the archive's. */
final class BlobBytes extends FilterInputStream {
  private final String where;

  BlobBytes(InputStream in, String where) {
    super(in);
    this.where = where;
  }

  static InputStream of(Blob blob) throws IOException {
    return new BlobBytes(Files.newInputStream(blob.path()), blob.path().toString());
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) {
    try {
      return in.read(bytes, offset, length);
    } catch (IOException e) {
      throw new DiskException(
          "reading " + where,
          where,
          e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage(),
          "mend the disk; its bytes were right when they were written",
          e);
    }
  }
}
