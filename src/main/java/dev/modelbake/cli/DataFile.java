package dev.modelbake.cli;

import dev.modelbake.model.DiskException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** A file that an option asks for; {@code -} is standard output. */
record DataFile(Path path) {
  private static final Path STANDARD_OUT = Path.of("-");

  /**
   * Finds out, before the work of which it will tell, whether it can be written; leaves nothing
   * behind.
   *
   * @throws DiskException if it cannot
   */
  void check() {
    if (path.equals(STANDARD_OUT)) {
      return;
    }
    Path directory = path.toAbsolutePath().getParent();
    if (Files.isDirectory(path) || directory == null) {
      throw failure("it is a directory", null);
    }
    if (Files.exists(path) && !Files.isRegularFile(path)) {
      if (!Files.isWritable(path)) {
        throw failure("it may not be written", null);
      }
    } else if (!Files.isDirectory(directory)) {
      throw failure("there is no directory " + directory, null);
    } else if (!Files.isWritable(directory)) {
      throw failure("no file can be made in " + directory, null);
    }
  }

  private DiskException failure(String why, @Nullable IOException cause) {
    return new DiskException(
        "writing " + path,
        path.toString(),
        why,
        "name a file in a directory that exists and may be written",
        cause);
  }

  /**
   * Writes it whole: beside its place first, so that no half of it is ever read.
   *
   * @throws DiskException if that fails
   */
  void write(Session session, String text) {
    if (path.equals(STANDARD_OUT)) {
      session.out().print(text);
      return;
    }
    try {
      if (Files.exists(path) && !Files.isRegularFile(path)) {
        Files.writeString(path, text); // a device or a pipe is not replaced
        return;
      }
      String random = HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextInt());
      Path beside = path.resolveSibling(path.getFileName() + ".modelbake-" + random);
      try {
        Files.write(beside, text.getBytes(StandardCharsets.UTF_8), StandardOpenOption.CREATE_NEW);
        Files.move(
            beside, path, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
      } finally {
        Files.deleteIfExists(beside);
      }
    } catch (IOException e) {
      throw failure(e.getClass().getSimpleName() + ": " + e.getMessage(), e);
    }
  }
}
