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

/** A file that an option asks for; {@code -} is standard output. */
record DataFile(Path path) {
  private static final Path STANDARD_OUT = Path.of("-");

  /**
   * Looks whether it could be written, for a file that is written at the end of something long.
   *
   * @throws DiskException if not
   */
  void requireWritable() {
    if (path.equals(STANDARD_OUT)) {
      return;
    }
    try {
      if (Files.exists(path) && !Files.isRegularFile(path)) {
        if (Files.isDirectory(path) || !Files.isWritable(path)) {
          throw new IOException("it is a directory, or may not be written");
        }
        return;
      }
      Path beside = beside();
      Files.createFile(beside);
      Files.delete(beside);
    } catch (IOException e) {
      throw failed(e);
    }
  }

  private Path beside() {
    String random = HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextInt());
    return path.resolveSibling(path.getFileName() + ".modelbake-" + random);
  }

  private DiskException failed(IOException e) {
    return new DiskException(
        "writing " + path,
        path.toString(),
        e.getClass().getSimpleName() + ": " + e.getMessage(),
        "name a file in a directory that exists and may be written",
        e);
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
      Path beside = beside();
      try {
        Files.write(beside, text.getBytes(StandardCharsets.UTF_8), StandardOpenOption.CREATE_NEW);
        Files.move(
            beside, path, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
      } finally {
        Files.deleteIfExists(beside);
      }
    } catch (IOException e) {
      throw failed(e);
    }
  }
}
