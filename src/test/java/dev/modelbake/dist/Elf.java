package dev.modelbake.dist;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The symbol versions that a 64-bit ELF file wants of its libraries (System V gABI, "verneed"). */
final class Elf {
  private static final byte[] MAGIC = {0x7f, 'E', 'L', 'F'};
  private static final int VERSIONS_NEEDED = 0x6ffffffe;

  private final ByteBuffer bytes;

  private Elf(ByteBuffer bytes) {
    this.bytes = bytes.order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Such as {@code GLIBC_2.17}; none for a file that is no ELF file. */
  static List<String> versionsNeeded(Path file) throws IOException {
    byte[] content = Files.readAllBytes(file);
    if (content.length < 64 || !ByteBuffer.wrap(content, 0, 4).equals(ByteBuffer.wrap(MAGIC))) {
      return List.of();
    }
    return new Elf(ByteBuffer.wrap(content)).versions();
  }

  private List<String> versions() {
    List<String> names = new ArrayList<>();
    for (int i = 0; i < bytes.getShort(0x3c); i++) {
      int section = section(i);
      if (bytes.getInt(section + 4) == VERSIONS_NEEDED) {
        read(content(section), content(section(bytes.getInt(section + 0x28))), names);
      }
    }
    return names;
  }

  private int section(int index) {
    return (int) bytes.getLong(0x28) + index * bytes.getShort(0x3a);
  }

  private int content(int section) {
    return (int) bytes.getLong(section + 0x18);
  }

  private void read(int start, int strings, List<String> names) {
    int library = start;
    while (true) {
      int version = library + bytes.getInt(library + 8);
      for (int i = 0; i < bytes.getShort(library + 2); i++) {
        names.add(text(strings + bytes.getInt(version + 8)));
        version += bytes.getInt(version + 12);
      }
      int next = bytes.getInt(library + 12);
      if (next == 0) {
        return;
      }
      library += next;
    }
  }

  private String text(int start) {
    StringBuilder text = new StringBuilder();
    for (int i = start; bytes.get(i) != 0; i++) {
      text.append((char) bytes.get(i));
    }
    return text.toString();
  }
}
