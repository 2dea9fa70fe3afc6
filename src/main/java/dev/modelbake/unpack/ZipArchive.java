package dev.modelbake.unpack;

import dev.modelbake.model.BakeException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Enumeration;
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
  private static final int END_SIGNATURE = 0x06054b50;
  private static final int END_LENGTH = 22;
  private static final int LOCAL_SIGNATURE = 0x04034b50;
  private static final int LOCAL_LENGTH = 30;
  private static final int LONGEST_COMMENT = 0xffff;
  private static final int TYPE_MASK = 0170000;
  private static final int REGULAR = 0100000;
  private static final int DIRECTORY = 0040000;

  private final FileChannel channel;
  private final ZipFile zip;
  private final Enumeration<ZipArchiveEntry> entries;
  private final Refusal refusal;
  private @Nullable InputStream open;

  private ZipArchive(FileChannel channel, ZipFile zip, Refusal refusal) {
    this.channel = channel;
    this.zip = zip;
    this.entries = zip.getEntriesInPhysicalOrder();
    this.refusal = refusal;
  }

  static ZipArchive open(Path file, Refusal refusal) throws IOException {
    FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
    try {
      requirePlainEnd(channel, refusal);
      ZipFile zip =
          ZipFile.builder()
              .setSeekableByteChannel(channel)
              .setCharset(StandardCharsets.UTF_8)
              .setUseUnicodeExtraFields(false)
              .get();
      if (zip.getFirstLocalFileHeaderOffset() > 0) {
        throw refusal.whole("something stands before the first entry of the zip");
      }
      return new ZipArchive(channel, zip, refusal);
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

  /** The end record stands at the end of the file, once: a second one hides another zip. */
  private static void requirePlainEnd(FileChannel channel, Refusal refusal) throws IOException {
    int length = (int) Math.min(channel.size(), END_LENGTH + LONGEST_COMMENT);
    ByteBuffer tail = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    readFully(channel, tail, channel.size() - length);
    int ends = 0;
    boolean last = false;
    for (int i = 0; i + END_LENGTH <= length; i++) {
      if (tail.getInt(i) == END_SIGNATURE) {
        ends++;
        last = i + END_LENGTH + (tail.getShort(i + 20) & 0xffff) == length;
      }
    }
    if (ends == 0) {
      throw refusal.damaged("it is not a zip, or its end is missing");
    }
    if (ends > 1 || !last) {
      throw refusal.whole(
          "the zip's end record is ambiguous: something follows it, or hides in it");
    }
  }

  private static void readFully(FileChannel channel, ByteBuffer into, long position)
      throws IOException {
    while (into.hasRemaining()) {
      int n = channel.read(into, position + into.position());
      if (n < 0) {
        throw new IOException("unexpected end of the zip");
      }
    }
    into.flip();
  }

  @Override
  public @Nullable Entry next() {
    try {
      return nextEntry();
    } catch (IOException e) {
      throw refusal.decoder(e);
    }
  }

  private @Nullable Entry nextEntry() throws IOException {
    finishOpen();
    if (!entries.hasMoreElements()) {
      return null;
    }
    ZipArchiveEntry entry = entries.nextElement();
    String name = entry.getName();
    if (new String(entry.getRawName(), StandardCharsets.ISO_8859_1).indexOf('\\') >= 0) {
      // The library turns some of them into slashes.
      throw refusal.member(name, "has a backslash in its name");
    }
    if (entry.getGeneralPurposeBit().usesEncryption()) {
      throw refusal.member(name, "is encrypted");
    }
    if (!zip.canReadEntryData(entry)) {
      throw refusal.member(name, "is compressed in a way that is not supported");
    }
    requireLocalHeader(entry);
    Type type = type(entry);
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
    ByteBuffer local =
        ByteBuffer.allocate(LOCAL_LENGTH + rawName.length).order(ByteOrder.LITTLE_ENDIAN);
    readFully(channel, local, entry.getLocalHeaderOffset());
    byte[] localName = Arrays.copyOfRange(local.array(), LOCAL_LENGTH, local.capacity());
    boolean descriptor = entry.getGeneralPurposeBit().usesDataDescriptor();
    int crc = local.getInt(14);
    long packed = local.getInt(18) & 0xffffffffL;
    long size = local.getInt(22) & 0xffffffffL;
    boolean zip64 = packed == 0xffffffffL || size == 0xffffffffL;
    boolean sizesAgree = zip64 || (packed == entry.getCompressedSize() && size == entry.getSize());
    boolean agrees =
        local.getInt(0) == LOCAL_SIGNATURE
            && (local.getShort(8) & 0xffff) == entry.getMethod()
            && (local.getShort(26) & 0xffff) == rawName.length
            && Arrays.equals(localName, rawName)
            && (descriptor || (crc == (int) entry.getCrc() && sizesAgree));
    if (!agrees) {
      throw refusal.member(
          entry.getName(), "is described differently in its own header and in the directory");
    }
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
