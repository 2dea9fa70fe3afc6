package dev.modelbake.unpack;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;

/**
 * The end of a zip and its central directory (APPNOTE.TXT 4.3.12 to 4.3.16), looked at before the
 * library reads it: it keeps all of it in memory, believes no number in the end record and takes
 * anything between the parts in its stride.
 *
 * @param offset of the directory, which is where the entries end
 */
record ZipDirectory(long offset) {
  private static final int END_SIGNATURE = 0x06054b50;
  private static final int END_LENGTH = 22;
  private static final int LOCATOR_SIGNATURE = 0x07064b50;
  private static final int LOCATOR_LENGTH = 20;
  private static final int END64_SIGNATURE = 0x06064b50;
  private static final int END64_LENGTH = 56;
  private static final int ENTRY_SIGNATURE = 0x02014b50;
  private static final int ENTRY_LENGTH = 46;
  private static final int LONGEST_COMMENT = 0xffff;
  private static final long MAX_32 = 0xffffffffL;

  /** The general purpose bit for headers whose values are hidden. */
  private static final int MASKED = 0x2000;

  private static final int MAX_16 = 0xffff;

  /** Numbers of an end record, of either width; {@code at} is where it begins. */
  private record End(long at, long disks, long entries, long size, long offset) {}

  /** Demands a directory that can be read in one way only, within the bounds. */
  static ZipDirectory find(FileChannel channel, Budget budget) throws IOException {
    Refusal refusal = budget.refusal();
    End end = end(channel, refusal);
    if (end.disks() != 0) {
      throw refusal.whole("it is one part of a zip in several parts");
    }
    budget.announced(end.entries());
    if (end.size() > budget.mostNames()) {
      throw refusal.bound("its directory has %d bytes".formatted(end.size()), "max-files");
    }
    if (end.offset() < 0 || end.size() < 0 || end.offset() + end.size() != end.at()) {
      throw refusal.whole("the zip's directory is not where its end record says");
    }
    requireEntries(channel, end, refusal);
    return new ZipDirectory(end.offset());
  }

  /** The end record stands at the end of the file, once: a second one hides another zip. */
  private static End end(FileChannel channel, Refusal refusal) throws IOException {
    int length = (int) Math.min(channel.size(), END_LENGTH + LONGEST_COMMENT);
    long from = channel.size() - length;
    ByteBuffer tail = read(channel, from, length);
    int ends = 0;
    int last = 0;
    for (int i = 0; i + END_LENGTH <= length; i++) {
      if (tail.getInt(i) == END_SIGNATURE) {
        ends++;
        last = i;
      }
    }
    if (ends == 0) {
      throw refusal.damaged("it is not a zip, or its end is missing");
    }
    if (ends > 1 || last + END_LENGTH + (tail.getShort(last + 20) & MAX_16) != length) {
      throw refusal.whole(
          "the zip's end record is ambiguous: something follows it, or hides in it");
    }
    int disk = tail.getShort(last + 4) & MAX_16;
    int directoryDisk = tail.getShort(last + 6) & MAX_16;
    int here = tail.getShort(last + 8) & MAX_16;
    int entries = tail.getShort(last + 10) & MAX_16;
    End end =
        new End(
            from + last,
            disk | directoryDisk | (here ^ entries),
            entries,
            tail.getInt(last + 12) & MAX_32,
            tail.getInt(last + 16) & MAX_32);
    return end64(channel, end, refusal);
  }

  /** The numbers of the wide end record where there is one, which must not contradict. */
  private static End end64(FileChannel channel, End end, Refusal refusal) throws IOException {
    long locatorAt = end.at() - LOCATOR_LENGTH;
    if (locatorAt < 0) {
      return end;
    }
    ByteBuffer locator = read(channel, locatorAt, LOCATOR_LENGTH);
    if (locator.getInt(0) != LOCATOR_SIGNATURE) {
      return end;
    }
    long at = locator.getLong(8);
    if (at < 0 || at > locatorAt - END64_LENGTH) {
      throw refusal.whole("the zip's second end record is not where the first says");
    }
    ByteBuffer wide = read(channel, at, END64_LENGTH);
    End end64 =
        new End(
            at,
            wide.getInt(16) | wide.getInt(20) | (wide.getLong(24) ^ wide.getLong(32)),
            wide.getLong(32),
            wide.getLong(40),
            wide.getLong(48));
    boolean agrees =
        wide.getInt(0) == END64_SIGNATURE
            && at + 12 + wide.getLong(4) == locatorAt
            && (end.entries() == MAX_16 || end.entries() == end64.entries())
            && (end.size() == MAX_32 || end.size() == end64.size())
            && (end.offset() == MAX_32 || end.offset() == end64.offset());
    if (!agrees) {
      throw refusal.whole("the zip's two end records disagree");
    }
    return end64;
  }

  private static void requireEntries(FileChannel channel, End end, Refusal refusal)
      throws IOException {
    long at = end.offset();
    for (long n = 0; n < end.entries(); n++) {
      ByteBuffer entry = at + ENTRY_LENGTH <= end.at() ? read(channel, at, ENTRY_LENGTH) : null;
      if (entry == null || entry.getInt(0) != ENTRY_SIGNATURE) {
        throw refusal.whole("the zip's directory has fewer entries than its end record says");
      }
      if ((entry.getShort(8) & MASKED) != 0) {
        throw refusal.whole("the zip's directory is encrypted");
      }
      if (entry.getShort(34) != 0) {
        throw refusal.whole("it is one part of a zip in several parts");
      }
      requireOneName(channel, entry, at, refusal);
      at += ENTRY_LENGTH;
      for (int lengthAt = 28; lengthAt <= 32; lengthAt += 2) {
        at += entry.getShort(lengthAt) & MAX_16;
      }
    }
    if (at != end.at()) {
      throw refusal.whole("the zip's directory has more than its end record says");
    }
  }

  private static void requireOneName(
      FileChannel channel, ByteBuffer entry, long at, Refusal refusal) throws IOException {
    int nameLength = entry.getShort(28) & MAX_16;
    int extraLength = entry.getShort(30) & MAX_16;
    if (extraLength == 0) {
      return;
    }
    ByteBuffer both = read(channel, at + ENTRY_LENGTH, nameLength + extraLength);
    byte[] name = new byte[nameLength];
    both.get(0, name);
    if (new ZipExtra(both.slice(nameLength, extraLength).order(both.order())).renames(name)) {
      throw refusal.member(
          new String(name, StandardCharsets.UTF_8), "has a second name in an extra field");
    }
  }

  /** Bytes at a position, for absolute little-endian reads. */
  static ByteBuffer read(FileChannel channel, long position, int length) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    while (bytes.hasRemaining()) {
      if (channel.read(bytes, position + bytes.position()) < 0) {
        throw new EOFException("unexpected end of the zip");
      }
    }
    return bytes.flip();
  }
}
