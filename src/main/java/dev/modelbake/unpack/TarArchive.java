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
 * sizes for one entry in its stride; here both are looked at in the raw blocks.
 */
final class TarArchive implements Archive {
  private static final int BLOCK = TarConstants.DEFAULT_RCDSIZE;
  private static final int END_MARKER = 2 * BLOCK;
  private static final int SIZE_OFFSET = 124;
  private static final int SIZE_LENGTH = 12;

  private final Blocks blocks;
  private final TarArchiveInputStream tar;
  private final Refusal refusal;
  private long end;

  TarArchive(InputStream plain, Refusal refusal) {
    this.blocks = new Blocks(plain);
    this.tar = new TarArchiveInputStream(blocks, BLOCK, BLOCK, StandardCharsets.UTF_8.name());
    this.refusal = refusal;
  }

  @Override
  public @Nullable Entry next() throws IOException {
    TarArchiveEntry entry;
    try {
      entry = tar.getNextEntry();
    } catch (BakeException e) {
      throw e;
    } catch (IOException e) {
      throw refusal.decoder(e);
    } catch (RuntimeException e) {
      throw refusal.damaged("its tar headers make no sense", e);
    }
    if (entry == null) {
      requireEndMarker();
      return null;
    }
    Type type = type(entry);
    requireOneSize(entry);
    end = blocks.count() + roundUp(type == Type.FILE ? entry.getSize() : 0);
    return new Entry(entry.getName(), type, entry.getLinkName(), new Guarded(tar, refusal));
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

  /** A pax header may give another size only where the old field is too small for it. */
  private void requireOneSize(TarArchiveEntry entry) {
    byte[] header = blocks.last();
    String field =
        new String(header, SIZE_OFFSET, SIZE_LENGTH, StandardCharsets.ISO_8859_1)
            .replace('\0', ' ')
            .trim();
    boolean octal = field.matches("[0-7]+");
    if (octal
        && entry.getSize() <= TarConstants.MAXSIZE
        && Long.parseLong(field, 8) != entry.getSize()) {
      throw refusal.member(entry.getName(), "has two different sizes in its headers");
    }
  }

  private static long roundUp(long size) {
    return (size + BLOCK - 1) / BLOCK * BLOCK;
  }

  private void requireEndMarker() throws IOException {
    byte[] rest = new byte[64 << 10];
    while (blocks.read(rest, 0, rest.length) >= 0) {
      // Only to count what follows the last entry.
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

  /** Counts bytes, remembers the last block and how many zeros came last. */
  private static final class Blocks extends FilterInputStream {
    private final byte[] last = new byte[BLOCK];
    private long count;
    private long zeros;

    Blocks(InputStream in) {
      super(in);
    }

    long count() {
      return count;
    }

    long zeros() {
      return zeros;
    }

    byte[] last() {
      return last.clone();
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
      count += n;
      int trailing = 0;
      while (trailing < n && bytes[offset + n - 1 - trailing] == 0) {
        trailing++;
      }
      zeros = trailing == n ? zeros + n : trailing;
      int keep = Math.min(n, BLOCK);
      System.arraycopy(last, keep, last, 0, BLOCK - keep);
      System.arraycopy(bytes, offset + n - keep, last, BLOCK - keep, keep);
    }
  }
}
