package dev.modelbake.cli;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An open file that this process was started with, named as {@code /dev/fd/3}. It is written to,
 * not replaced: its place in a file system is nothing that the caller named.
 *
 * @param number 0 or more
 */
record InheritedDescriptor(int number) {
  static final int STANDARD_OUT = 1;

  private static final Pattern NAME =
      Pattern.compile("/(?:dev/(?:fd/([0-9]{1,6})|(stdout)|(stderr))|proc/self/fd/([0-9]{1,6}))");
  private static final int TYPE = 0170000;
  private static final int PIPE = 0010000;
  private static final int READING_ONLY = 0;

  /** The one that a path names. */
  static Optional<InheritedDescriptor> of(Path path) {
    Matcher name = NAME.matcher(path.toString());
    if (!name.matches()) {
      return Optional.empty();
    }
    String digits = name.group(1) != null ? name.group(1) : name.group(4);
    int other = name.group(2) != null ? STANDARD_OUT : STANDARD_OUT + 1;
    return Optional.of(new InheritedDescriptor(digits == null ? other : Integer.parseInt(digits)));
  }

  /**
   * Opens the same file again, behind what it holds.
   *
   * @throws IOException if it is not open, not for writing, or of a kind that opens only once
   */
  FileChannel open() throws IOException {
    Path path = Path.of("/proc/self/fd/" + number);
    if (!Files.exists(path)) {
      throw new IOException("descriptor " + number + " is not open");
    }
    // One that is open for reading may be a file of Java's own, which root could write to.
    if (access() == READING_ONLY) {
      throw new IOException("descriptor " + number + " is not open for writing");
    }
    int mode = (int) Files.getAttribute(path, "unix:mode");
    if ((mode & TYPE) != PIPE) {
      return FileChannel.open(path, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
    }
    // To open a pipe whose reader has gone takes for ever, except while it is open for both.
    FileChannel both = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
    try {
      return FileChannel.open(path, StandardOpenOption.WRITE);
    } finally {
      both.close();
    }
  }

  /** The two lowest bits of the flags that proc(5) shows in octal, as open(2) has them. */
  private int access() throws IOException {
    return Files.readAllLines(Path.of("/proc/self/fdinfo/" + number)).stream()
        .filter(line -> line.startsWith("flags:"))
        .map(line -> Integer.parseInt(line.substring("flags:".length()).strip(), 8) & 3)
        .findFirst()
        .orElse(READING_ONLY);
  }
}
