package dev.modelbake.unpack;

import dev.modelbake.model.BakeException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.jspecify.annotations.Nullable;

/**
 * A tar, as POSIX.1-2001 (pax) and GNU tar write it. The library takes a missing end marker and two
 * sizes for one entry in its stride; here both are looked for in the raw blocks.
 */
final class TarArchive implements Archive {
  private static final int BLOCK = TarConstants.DEFAULT_RCDSIZE;
  private static final int END_MARKER = 2 * BLOCK;

  /** Writers fill up their last record, which is rarely more than 1 MiB. */
  private static final int LONGEST_TAIL = 16 << 20;

  private final TarHeaders headers;
  private final Blocks blocks;
  private final TarArchiveInputStream tar;
  private final Refusal refusal;
  private long end;

  TarArchive(InputStream plain, Refusal refusal) {
    this.headers = new TarHeaders(refusal);
    this.blocks = new Blocks(plain, headers);
    this.tar = new TarArchiveInputStream(blocks, BLOCK, BLOCK, StandardCharsets.UTF_8.name());
    this.refusal = refusal;
  }

  @Override
  public @Nullable Entry next() throws IOException {
    TarArchiveEntry entry;
    headers.expect(end);
    try {
      entry = tar.getNextEntry();
    } catch (BakeException e) {
      throw e;
    } catch (IOException e) {
      requireSize();
      throw refusal.decoder(e);
    } catch (RuntimeException e) {
      requireSize();
      throw refusal.damaged("its tar headers make no sense", e);
    }
    if (entry == null) {
      requireEndMarker();
      return null;
    }
    Type type = type(entry);
    requireOneReading(entry, type);
    requireOwnNames(entry);
    end = blocks.count() + roundUp(type == Type.FILE ? entry.getSize() : 0);
    return new Entry(entry.getName(), type, entry.getLinkName(), new Guarded(tar, refusal));
  }

  private void requireSize() {
    if (headers.hasNoSize()) {
      throw refusal.whole("an extended header of the tar gives a size that is none");
    }
  }

  private Type type(TarArchiveEntry entry) {
    String name = entry.getName();
    if (entry.isSparse()) {
      throw refusal.member(name, "is a sparse file");
    }
    if (entry.isDirectory()) {
      return Type.DIRECTORY;
    }
    return switch (entry.getLinkFlag()) {
      case TarConstants.LF_NORMAL, TarConstants.LF_OLDNORM, TarConstants.LF_CONTIG -> Type.FILE;
      case TarConstants.LF_SYMLINK -> Type.LINK;
      case TarConstants.LF_LINK -> throw refusal.member(name, "is a hard link");
      default -> throw refusal.member(name, "is neither a file nor a directory");
    };
  }

  /**
   * A pax header may give another size only where the old field is too small for it: readers that
   * go by the one would see other entries than readers that go by the other.
   */
  private void requireOneReading(TarArchiveEntry entry, Type type) {
    long size = entry.getSize();
    if (type != Type.FILE && size != 0) {
      throw refusal.member(entry.getName(), "has content and is no file");
    }
    boolean fits = size <= TarConstants.MAXSIZE;
    if (!headers.isEntryBefore(blocks.count()) || (fits && headers.size().orElse(-1) != size)) {
      throw refusal.member(entry.getName(), "has headers that can be read in two ways");
    }
  }

  /** The library puts ? for what is not UTF-8, and takes leading slashes away. */
  private void requireOwnNames(TarArchiveEntry entry) {
    if ((entry.getName() + entry.getLinkName()).indexOf('?') >= 0 && !headers.isUtf8()) {
      throw refusal.member(entry.getName(), "has a name that is not UTF-8");
    }
    if (headers.isAbsolute()) {
      throw refusal.member(entry.getName(), "has an absolute name");
    }
  }

  private static long roundUp(long size) {
    return (size + BLOCK - 1) / BLOCK * BLOCK;
  }

  private void requireEndMarker() throws IOException {
    byte[] rest = new byte[64 << 10];
    while (blocks.read(rest, 0, rest.length) >= 0) {
      if (blocks.count() - end > LONGEST_TAIL) {
        throw refusal.whole("more than 16 MiB follow the last entry of the tar");
      }
    }
    long tail = blocks.count() - end;
    if (tail < END_MARKER) {
      throw refusal.damaged("the tar ends without its end marker: it was cut off");
    }
    if (blocks.zeros() < tail) {
      throw refusal.damaged("something follows the tar's end marker");
    }
  }

  @Override
  public void close() throws IOException {
    tar.close();
  }

  /** Counts bytes, shows them to the headers, remembers how many zeros came last. */
  private static final class Blocks extends FilterInputStream {
    private final TarHeaders headers;
    private long count;
    private long zeros;

    Blocks(InputStream in, TarHeaders headers) {
      super(in);
      this.headers = headers;
    }

    long count() {
      return count;
    }

    long zeros() {
      return zeros;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      int n = super.read(bytes, offset, length);
      if (n > 0) {
        note(bytes, offset, n);
      }
      return n;
    }

    @Override
    public long skip(long n) throws IOException {
      byte[] buffer = new byte[(int) Math.min(Math.max(n, 1), 64 << 10)];
      int read = n <= 0 ? 0 : read(buffer, 0, (int) Math.min(n, buffer.length));
      return Math.max(read, 0);
    }

    private void note(byte[] bytes, int offset, int n) {
      headers.see(count, bytes, offset, n);
      count += n;
      int trailing = 0;
      while (trailing < n && bytes[offset + n - 1 - trailing] == 0) {
        trailing++;
      }
      zeros = trailing == n ? zeros + n : trailing;
    }
  }
}
