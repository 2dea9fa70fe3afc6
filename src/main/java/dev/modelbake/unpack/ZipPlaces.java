package dev.modelbake.unpack;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;

/**
 * Where the entries of a zip lie, in the order in which they stand in the file: none over another,
 * none between two that the directory does not name.
 */
final class ZipPlaces {
  private static final int LOCAL_SIGNATURE = 0x04034b50;
  private static final int DESCRIPTOR_SIGNATURE = 0x08074b50;
  private static final int LONGEST_DESCRIPTOR = 24;
  private static final long MAX_32 = 0xffffffffL;

  private final FileChannel channel;
  private final long directory;
  private final Refusal refusal;
  private long free;

  ZipPlaces(FileChannel channel, ZipDirectory directory, Refusal refusal) {
    this.channel = channel;
    this.directory = directory.offset();
    this.refusal = refusal;
  }

  /** Takes the next entry in the order of the file. */
  void take(ZipArchiveEntry entry) throws IOException {
    long from = entry.getLocalHeaderOffset();
    if (from < free) {
      throw refusal.member(entry.getName(), "lies over another entry");
    }
    if (free == 0 && from > 0) {
      throw refusal.whole("something stands before the first entry of the zip");
    }
    requireNothingBefore(from);
    long packed = entry.getCompressedSize();
    long data = entry.getDataOffset();
    if (data < from || packed < 0 || packed > directory - data) {
      throw refusal.member(entry.getName(), "does not end before the zip's directory");
    }
    free = data + packed;
    if (entry.getGeneralPurposeBit().usesDataDescriptor()) {
      free += descriptor(entry);
    }
  }

  /** Demands that nothing stands behind the last entry that a reader could take for one. */
  void end() throws IOException {
    requireNothingBefore(directory);
  }

  private void requireNothingBefore(long next) throws IOException {
    if (next - free >= Integer.BYTES
        && ZipDirectory.read(channel, free, Integer.BYTES).getInt(0) == LOCAL_SIGNATURE) {
      throw refusal.whole("the zip has an entry that its directory does not name");
    }
  }

  /** The length of the descriptor behind an entry: with or without signature, narrow or wide. */
  private int descriptor(ZipArchiveEntry entry) throws IOException {
    int length = (int) Math.min(LONGEST_DESCRIPTOR, directory - free);
    ByteBuffer bytes = ZipDirectory.read(channel, free, length);
    for (int signature = 4; signature >= 0; signature -= 4) {
      boolean starts = signature == 0 || (length >= 4 && bytes.getInt(0) == DESCRIPTOR_SIGNATURE);
      if (starts && length >= signature + 20 && isWide(bytes, signature, entry)) {
        return signature + 20;
      }
      if (starts && length >= signature + 12 && isNarrow(bytes, signature, entry)) {
        return signature + 12;
      }
    }
    throw refusal.member(entry.getName(), "has no descriptor behind it, or a wrong one");
  }

  private static boolean isNarrow(ByteBuffer bytes, int at, ZipArchiveEntry entry) {
    return bytes.getInt(at) == (int) entry.getCrc()
        && (bytes.getInt(at + 4) & MAX_32) == (entry.getCompressedSize() & MAX_32)
        && (bytes.getInt(at + 8) & MAX_32) == (entry.getSize() & MAX_32);
  }

  private static boolean isWide(ByteBuffer bytes, int at, ZipArchiveEntry entry) {
    return bytes.getInt(at) == (int) entry.getCrc()
        && bytes.getLong(at + 4) == entry.getCompressedSize()
        && bytes.getLong(at + 12) == entry.getSize();
  }
}
