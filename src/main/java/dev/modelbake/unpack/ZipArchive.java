package dev.modelbake.unpack;

import dev.modelbake.model.BakeException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Enumeration;
import java.util.Set;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipFile;
import org.jspecify.annotations.Nullable;

/**
 * A zip, read by its central directory (APPNOTE.TXT 4.3). Readers differ in what they make of a zip
 * whose parts disagree; such a zip is refused.
 */
final class ZipArchive implements Archive {
  private static final int LOCAL_SIGNATURE = 0x04034b50;
  private static final int LOCAL_LENGTH = 30;
  private static final int MAX_16 = 0xffff;
  private static final long MAX_32 = 0xffffffffL;

  /** Of the general purpose bits: encrypted, descriptor, strongly encrypted, UTF-8, masked. */
  private static final int FLAGS = 0x2849;

  /** Those whose decoders need little memory: stored, deflate, deflate64, bzip2. */
  private static final Set<Integer> METHODS = Set.of(0, 8, 9, 12);

  private static final int LONGEST_TARGET = 4096;
  private static final int TYPE_MASK = 0170000;
  private static final int REGULAR = 0100000;
  private static final int DIRECTORY = 0040000;

  private final FileChannel channel;
  private final ZipFile zip;
  private final ZipPlaces places;
  private final Enumeration<ZipArchiveEntry> entries;
  private final Refusal refusal;
  private @Nullable InputStream open;

  private ZipArchive(FileChannel channel, ZipFile zip, ZipPlaces places, Refusal refusal) {
    this.channel = channel;
    this.zip = zip;
    this.places = places;
    this.entries = zip.getEntriesInPhysicalOrder();
    this.refusal = refusal;
  }

  static ZipArchive open(Path file, Budget budget) throws IOException {
    Refusal refusal = budget.refusal();
    FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
    try {
      ZipDirectory directory = ZipDirectory.find(channel, budget);
      ZipFile zip =
          ZipFile.builder()
              .setSeekableByteChannel(channel)
              .setCharset(StandardCharsets.UTF_8)
              .setUseUnicodeExtraFields(false)
              .get();
      return new ZipArchive(channel, zip, new ZipPlaces(channel, directory, refusal), refusal);
    } catch (IOException e) {
      channel.close();
      throw refusal.decoder(e);
    } catch (BakeException e) {
      channel.close();
      throw e;
    } catch (RuntimeException e) {
      channel.close();
      throw refusal.damaged("its directory makes no sense", e);
    }
  }

  @Override
  public @Nullable Entry next() {
    try {
      return nextEntry();
    } catch (BakeException e) {
      throw e;
    } catch (IOException e) {
      throw refusal.decoder(e);
    } catch (RuntimeException e) {
      throw refusal.damaged("its headers make no sense", e);
    }
  }

  private @Nullable Entry nextEntry() throws IOException {
    finishOpen();
    if (!entries.hasMoreElements()) {
      places.end();
      return null;
    }
    ZipArchiveEntry entry = entries.nextElement();
    // The library turns some backslashes into slashes.
    String name = new String(entry.getRawName(), StandardCharsets.UTF_8);
    if (entry.getGeneralPurposeBit().usesEncryption()) {
      throw refusal.member(name, "is encrypted");
    }
    if (!METHODS.contains(entry.getMethod()) || !zip.canReadEntryData(entry)) {
      throw refusal.member(name, "is compressed in a way that is not supported");
    }
    requireLocalHeader(entry);
    places.take(entry);
    Type type = type(entry);
    boolean contradicts = type == Type.DIRECTORY && entry.getSize() != 0;
    if (contradicts || (type == Type.LINK && entry.getSize() > LONGEST_TARGET)) {
      throw refusal.member(name, "has content that it cannot have");
    }
    if (type == Type.LINK) {
      return new Entry(name, type, zip.getUnixSymlink(entry), InputStream.nullInputStream());
    }
    InputStream content =
        type == Type.DIRECTORY
            ? InputStream.nullInputStream()
            : new Checked(new Guarded(zip.getInputStream(entry), refusal), entry);
    open = content;
    return new Entry(name, type, "", content);
  }

  private void finishOpen() throws IOException {
    if (open != null) {
      open.close();
      open = null;
    }
  }

  private Type type(ZipArchiveEntry entry) {
    if (entry.isUnixSymlink()) {
      return Type.LINK;
    }
    int type = entry.getUnixMode() & TYPE_MASK;
    boolean plain = type == 0 || type == REGULAR || type == DIRECTORY;
    if (!plain) {
      throw refusal.member(entry.getName(), "is neither a file nor a directory");
    }
    boolean directory = entry.isDirectory();
    boolean contradicts = directory ? type == REGULAR : type == DIRECTORY;
    if (contradicts) {
      throw refusal.member(entry.getName(), "is a file by its mode and a directory by its name");
    }
    return directory ? Type.DIRECTORY : Type.FILE;
  }

  /** The local header must say what the central directory says. */
  private void requireLocalHeader(ZipArchiveEntry entry) throws IOException {
    byte[] rawName = entry.getRawName();
    long at = entry.getLocalHeaderOffset();
    ByteBuffer local = ZipDirectory.read(channel, at, LOCAL_LENGTH + rawName.length);
    byte[] localName = new byte[rawName.length];
    local.slice(LOCAL_LENGTH, rawName.length).get(localName);
    ByteBuffer bits = ByteBuffer.wrap(entry.getGeneralPurposeBit().encode()).order(local.order());
    boolean agrees =
        local.getInt(0) == LOCAL_SIGNATURE
            && ((local.getShort(6) ^ bits.getShort()) & FLAGS) == 0
            && (local.getShort(8) & MAX_16) == entry.getMethod()
            && (local.getShort(26) & MAX_16) == rawName.length
            && Arrays.equals(localName, rawName)
            && (entry.getGeneralPurposeBit().usesDataDescriptor() || saysTheSame(local, at, entry));
    if (!agrees) {
      throw refusal.member(
          entry.getName(), "is described differently in its own header and in the directory");
    }
    if (extra(local, at).renames(rawName)) {
      throw refusal.member(entry.getName(), "has a second name in an extra field");
    }
  }

  private ZipExtra extra(ByteBuffer local, long at) throws IOException {
    long extraAt = at + LOCAL_LENGTH + (local.getShort(26) & MAX_16);
    return new ZipExtra(ZipDirectory.read(channel, extraAt, local.getShort(28) & MAX_16));
  }

  private boolean saysTheSame(ByteBuffer local, long at, ZipArchiveEntry entry) throws IOException {
    long packed = local.getInt(18) & MAX_32;
    long size = local.getInt(22) & MAX_32;
    ByteBuffer wide = extra(local, at).zip64();
    if (size == MAX_32 && wide.remaining() >= Long.BYTES) {
      size = wide.getLong();
    }
    if (packed == MAX_32 && wide.remaining() >= Long.BYTES) {
      packed = wide.getLong();
    }
    return local.getInt(14) == (int) entry.getCrc()
        && packed == entry.getCompressedSize()
        && size == entry.getSize();
  }

  @Override
  public void close() throws IOException {
    finishOpen();
    zip.close();
    channel.close();
  }

  /** Checks length and CRC when the content has been read to its end; the library does not. */
  private final class Checked extends CheckedInputStream {
    private final ZipArchiveEntry entry;
    private long length;

    Checked(InputStream in, ZipArchiveEntry entry) {
      super(in, new CRC32());
      this.entry = entry;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int count) throws IOException {
      int n = super.read(bytes, offset, count);
      length += Math.max(n, 0);
      if (length > entry.getSize()) {
        throw refusal.damaged("an entry is longer than its header says");
      }
      if (n < 0 && (length != entry.getSize() || getChecksum().getValue() != entry.getCrc())) {
        throw refusal.damaged("an entry's length or CRC is wrong");
      }
      return n;
    }
  }
}
