package dev.modelbake.cli;

import dev.modelbake.model.DiskException;
import dev.modelbake.model.Reason;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * A file that an option asks for; {@code -} is standard output. A device, a pipe and an inherited
 * descriptor ({@code /dev/fd/3}) are written to, any other file is replaced whole.
 */
final class DataFile {
  private final Path path;
  private final Optional<InheritedDescriptor> inherited;
  private @Nullable FileChannel held;

  DataFile(Path path) {
    this.path = path;
    inherited = InheritedDescriptor.of(path);
  }

  /**
   * Looks whether it could be written, for a file that is written at the end of something long.
   *
   * @throws DiskException if not
   */
  void requireWritable() {
    if (isStandardOut()) {
      return;
    }
    try {
      if (inherited.isPresent()) {
        held = inherited.get().open(); // whatever becomes of the number meanwhile
      } else if (isWrittenTo()) {
        if (!Files.isWritable(path)) {
          throw new AccessDeniedException(path.toString());
        }
      } else {
        Path beside = beside();
        Files.createFile(beside);
        Files.delete(beside);
      }
    } catch (IOException e) {
      throw failed(e);
    }
  }

  private boolean isStandardOut() {
    return path.equals(Path.of("-"))
        || inherited.filter(one -> one.number() == InheritedDescriptor.STANDARD_OUT).isPresent();
  }

  private boolean isWrittenTo() throws IOException {
    if (Files.isDirectory(path)) {
      throw new IOException("it is a directory");
    }
    return Files.exists(path) && !Files.isRegularFile(path);
  }

  private Path beside() {
    String random = HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextInt());
    return path.resolveSibling(path.getFileName() + ".modelbake-" + random);
  }

  private DiskException failed(IOException e) {
    return new DiskException("writing " + path, path.toString(), reason(e), remedy(e), e);
  }

  private String reason(IOException e) {
    if (e instanceof NoSuchFileException) {
      Path directory = path.toAbsolutePath().getParent();
      return directory != null && Files.isDirectory(directory)
          ? "no file can be made in its directory"
          : "its directory does not exist";
    }
    return Reason.of(e);
  }

  private String remedy(IOException e) {
    if (inherited.isPresent()) {
      return "open it for writing, as a shell does with " + inherited.get().number() + ">FILE";
    }
    return reason(e).contains("No space left")
        ? "free some space, or name a file elsewhere"
        : "name a file in a directory that exists and may be written";
  }

  /**
   * Writes it whole: beside its place first, so that no half of it is ever read.
   *
   * @throws DiskException if that fails
   */
  void write(Session session, String text) {
    if (isStandardOut()) {
      session.out().print(text);
      return;
    }
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    try {
      if (inherited.isPresent()) {
        writeInherited(bytes);
      } else if (isWrittenTo()) {
        Files.write(path, bytes, StandardOpenOption.WRITE);
      } else {
        replace(bytes);
      }
    } catch (IOException e) {
      throw failed(e);
    }
  }

  private void writeInherited(byte[] bytes) throws IOException {
    try (FileChannel out = held != null ? held : inherited.orElseThrow().open()) {
      ByteBuffer left = ByteBuffer.wrap(bytes);
      while (left.hasRemaining()) {
        out.write(left);
      }
    }
  }

  private void replace(byte[] bytes) throws IOException {
    Path beside = beside();
    try {
      Files.write(beside, bytes, StandardOpenOption.CREATE_NEW);
      Files.move(beside, path, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(beside);
    }
  }
}
