package dev.modelbake.fetch;

import dev.modelbake.model.FailureKind;
import dev.modelbake.model.InterruptedBakeException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Copies a local file into a part, hashing it on the way; never links it, since whoever may write
 * the one could then change the other. Says nothing of what is in it.
 */
final class LocalCopy {
  private static final int BUFFER = 256 << 10;

  private final Path source;
  private final Progress progress;
  private final Counting counting;

  LocalCopy(Path source, Progress progress, Counting counting) {
    this.source = source;
    this.progress = progress;
    this.counting = counting;
  }

  /** Whether the bytes count as transferred. */
  enum Counting {
    TRANSFERRED,
    /** They were transferred before. */
    REUSED
  }

  /**
   * Completes a part.
   *
   * @throws SourceException if the file cannot be read or has another size
   */
  void run(Part part) throws SourceException {
    if (part.length() > 0) {
      part.restart();
    }
    append(part, part.size());
  }

  /** Puts the file's bytes behind those that a part has. */
  void append(Part part) throws SourceException {
    append(part, OptionalLong.empty());
  }

  private void append(Part part, OptionalLong size) throws SourceException {
    if (!Files.exists(source)) {
      throw unavailable("there is no such file", null);
    }
    if (!Files.isRegularFile(source)) {
      throw unavailable("it is not a regular file", null);
    }
    try (FileChannel in = FileChannel.open(source, StandardOpenOption.READ)) {
      copy(in, part, size);
    } catch (ClosedByInterruptException e) {
      throw new InterruptedBakeException("fetching " + part.file());
    } catch (IOException e) {
      throw unavailable("it cannot be read", e);
    } finally {
      progress.endsAt(part.length());
    }
  }

  private void copy(FileChannel in, Part part, OptionalLong size)
      throws IOException, SourceException {
    checkSize(size, in.size());
    long limit = size.orElse(Long.MAX_VALUE - 1);
    ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
    while (part.length() <= limit && in.read(buffer.clear()) >= 0) {
      buffer.flip();
      if (counting == Counting.TRANSFERRED) {
        progress.arrived(buffer.remaining());
      }
      part.write(buffer);
      progress.at(part.length());
    }
    checkSize(size, part.length());
  }

  private static void checkSize(OptionalLong pinned, long actual) throws SourceException {
    if (pinned.isPresent() && pinned.getAsLong() != actual) {
      throw new SourceException(
          "wrong size: %d bytes are pinned, the file has %d".formatted(pinned.getAsLong(), actual),
          Optional.empty(),
          OptionalLong.of(actual));
    }
  }

  private static SourceException unavailable(
      String what, @org.jspecify.annotations.Nullable IOException e) {
    return new SourceException(FailureKind.UNAVAILABLE, what, e);
  }
}
