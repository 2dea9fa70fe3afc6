package dev.modelbake.fetch;

import dev.modelbake.model.BakeException;
import dev.modelbake.model.DiskException;
import dev.modelbake.model.InterruptedBakeException;
import dev.modelbake.model.Reason;
import dev.modelbake.model.TemporaryException;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.OptionalLong;

/** Turns failures of the disk into exceptions that say how much was needed. */
final class Disks {

  private Disks() {}

  /**
   * The exception for a failure.
   *
   * @param needed in bytes, the whole file
   */
  static BakeException failure(Path path, OptionalLong needed, IOException e) {
    if (e instanceof ClosedByInterruptException || Thread.currentThread().isInterrupted()) {
      return new InterruptedBakeException("writing " + path);
    }
    if (e instanceof NoSuchFileException) {
      return new TemporaryException(
          "writing " + path,
          "it vanished meanwhile",
          "run again, and find out what cleans up there",
          e);
    }
    String why = Reason.of(e);
    String size =
        needed.isPresent() ? " (the file needs %d bytes)".formatted(needed.getAsLong()) : "";
    return new DiskException("writing " + path, path.toString(), why + size, remedy(why), e);
  }

  /** Too little is left for a download whose size nobody knows. */
  static DiskException full(Path path, long free, long floor) {
    return new DiskException(
        "writing " + path,
        path.toString(),
        "only %d bytes are free, and a download without a pinned size stops at %d"
            .formatted(free, floor),
        "free some space, or pin the size",
        null);
  }

  private static String remedy(String why) {
    if (why.contains("No space left") || why.contains("quota")) {
      return "free some space, or give the file system more";
    }
    if (why.contains("too large")) {
      return "raise the limit on file sizes (ulimit -f)";
    }
    if (why.contains("Too many open files")) {
      return "raise the limit on open files (ulimit -n)";
    }
    return "see the system's log";
  }
}
