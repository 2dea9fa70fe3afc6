package dev.modelbake.unpack;

import static dev.modelbake.unpack.Archives.ascii;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.zip.CRC32;

/** A zip made byte by byte, whose parts may say different things. */
final class ZipBytes {
  private final ByteArrayOutputStream entries = new ByteArrayOutputStream();
  private final ByteArrayOutputStream directory = new ByteArrayOutputStream();
  private final End end = new End();
  private int number;

  /** What a header says of an entry; tests change it for one of the two places. */
  static final class Said {
    byte[] name;
    int flags = 0x800;
    int method;
    long crc;
    long packed;
    long size;
    byte[] extra = {};
    long mode;
    int disk;
    long offset;

    Said(String name, byte[] content) {
      this.name = ascii(name);
      CRC32 sum = new CRC32();
      sum.update(content);
      crc = sum.getValue();
      packed = content.length;
      size = content.length;
    }
  }

  /** What the end record says. */
  static final class End {
    int disk;
    int directoryDisk;
    int here;
    int entries;
    long size;
    long offset;
    byte[] comment = {};
  }

  /** An entry, stored, which both headers describe alike. */
  ZipBytes file(String name, byte[] content) {
    return entry(name, content, said -> {}, said -> {});
  }

  ZipBytes entry(String name, byte[] content, Consumer<Said> local, Consumer<Said> central) {
    Said here = new Said(name, content);
    Said there = new Said(name, content);
    there.offset = entries.size();
    local.accept(here);
    central.accept(there);
    return local(here).raw(content).central(there);
  }

  ZipBytes local(Said said) {
    ByteBuffer head = ByteBuffer.allocate(30).order(ByteOrder.LITTLE_ENDIAN);
    head.putInt(0x04034b50).putShort((short) 20);
    common(head, said);
    raw(head.array());
    return raw(said.name).raw(said.extra);
  }

  ZipBytes central(Said said) {
    ByteBuffer head = ByteBuffer.allocate(46).order(ByteOrder.LITTLE_ENDIAN);
    head.putInt(0x02014b50).putShort((short) (3 << 8 | 20)).putShort((short) 20);
    common(head, said);
    head.putShort(34, (short) said.disk);
    head.putInt(38, (int) (said.mode << 16)).putInt(42, (int) said.offset);
    directory.writeBytes(head.array());
    directory.writeBytes(said.name);
    directory.writeBytes(said.extra);
    number++;
    return this;
  }

  private static void common(ByteBuffer head, Said said) {
    head.putShort((short) said.flags).putShort((short) said.method).putInt(0x21);
    head.putInt((int) said.crc).putInt((int) said.packed).putInt((int) said.size);
    head.putShort((short) said.name.length).putShort((short) said.extra.length);
  }

  /** Bytes among the entries. */
  ZipBytes raw(byte[] bytes) {
    entries.writeBytes(bytes);
    return this;
  }

  byte[] end() {
    return end(said -> {}, before -> before);
  }

  /** With another end record, and with other bytes between it and the directory. */
  byte[] end(Consumer<End> change, UnaryOperator<byte[]> between) {
    end.here = number;
    end.entries = number;
    end.size = directory.size();
    end.offset = entries.size();
    change.accept(end);
    ByteBuffer tail = ByteBuffer.allocate(22).order(ByteOrder.LITTLE_ENDIAN);
    tail.putInt(0x06054b50).putShort((short) end.disk).putShort((short) end.directoryDisk);
    tail.putShort((short) end.here).putShort((short) end.entries);
    tail.putInt((int) end.size).putInt((int) end.offset).putShort((short) end.comment.length);
    return Archives.concat(
        entries.toByteArray(),
        directory.toByteArray(),
        between.apply(new byte[0]),
        tail.array(),
        end.comment);
  }

  /** A wide end record and its locator. */
  static byte[] wide(long number, long size, long offset, long at) {
    ByteBuffer bytes = ByteBuffer.allocate(76).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putInt(0x06064b50).putLong(44).putShort((short) 45).putShort((short) 45);
    bytes.putInt(0).putInt(0).putLong(number).putLong(number).putLong(size).putLong(offset);
    bytes.putInt(0x07064b50).putInt(0).putLong(at).putInt(1);
    return bytes.array();
  }

  /** An extra field. */
  static byte[] extra(int id, long... values) {
    ByteBuffer bytes = ByteBuffer.allocate(4 + 8 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putShort((short) id).putShort((short) (8 * values.length));
    for (long value : values) {
      bytes.putLong(value);
    }
    return bytes.array();
  }
}
