package dev.modelbake.build;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * A shared library without the symbol table that only debuggers read: 5 MB of the Java machine.
 *
 * <p>What {@code strip} does, for builders who have no binutils and with the same bytes for all.
 * Only the usual order of things is touched: 64-bit, little-endian, the tables behind everything
 * that is loaded (System V gABI, "Sections"). Any other file stays as it is.
 */
final class StrippedElf {
  private static final int HEADER = 64;
  private static final int SECTION = 64;
  private static final int SHOFF = 0x28;
  private static final int SHNUM = 0x3c;
  private static final int SHSTRNDX = 0x3e;
  private static final Set<String> DROPPED = Set.of(".symtab", ".strtab");

  private final ByteBuffer file;

  private StrippedElf(byte[] content) {
    file = ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
  }

  static void strip(Path path) throws IOException {
    byte[] content = Files.readAllBytes(path);
    byte[] stripped = new StrippedElf(content).stripped();
    if (stripped.length < content.length) {
      Files.write(path, stripped);
    }
  }

  private byte[] stripped() {
    byte[] content = file.array();
    int count = file.capacity() < HEADER ? 0 : file.getShort(SHNUM);
    boolean usual = count > 0 && file.getInt(0) == 0x464c457f && file.getShort(4) == 0x0102;
    if (!usual || file.getShort(SHSTRNDX) != count - 1) {
      return content;
    }
    List<Integer> kept = new ArrayList<>();
    int end = 0;
    for (int i = 0; i < count - 1; i++) {
      if (!DROPPED.contains(name(i))) {
        kept.add(i);
        // Type 8 is a section without bytes in the file, such as .bss.
        boolean empty = file.getInt(at(i) + 4) == 8;
        end = Math.max(end, (int) (offset(i) + (empty ? 0 : size(i))));
      }
    }
    // The dropped ones must be the last but for the table of names, or indexes would change.
    boolean last = kept.size() == count - 3 && kept.get(kept.size() - 1) == kept.size() - 1;
    return last ? write(content, end, kept.size()) : content;
  }

  private byte[] write(byte[] content, int end, int kept) {
    int names = kept + 2;
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(content, 0, end);
    out.write(content, (int) offset(names), (int) size(names));
    out.write(new byte[-out.size() & 7], 0, -out.size() & 7);
    int table = out.size();
    out.write(content, at(0), kept * SECTION);
    out.write(content, at(names), SECTION);
    ByteBuffer written = ByteBuffer.wrap(out.toByteArray()).order(ByteOrder.LITTLE_ENDIAN);
    written.putLong(table + kept * SECTION + 0x18, end);
    written.putLong(SHOFF, table);
    written.putShort(SHNUM, (short) (kept + 1));
    written.putShort(SHSTRNDX, (short) kept);
    return written.array();
  }

  private String name(int section) {
    int start = (int) offset(file.getShort(SHSTRNDX)) + file.getInt(at(section));
    int end = start;
    while (file.get(end) != 0) {
      end++;
    }
    return new String(file.array(), start, end - start, StandardCharsets.US_ASCII);
  }

  private int at(int section) {
    return (int) file.getLong(SHOFF) + section * SECTION;
  }

  private long offset(int section) {
    return file.getLong(at(section) + 0x18);
  }

  private long size(int section) {
    return file.getLong(at(section) + 0x20);
  }
}
