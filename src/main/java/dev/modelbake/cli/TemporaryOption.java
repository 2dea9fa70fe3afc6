package dev.modelbake.cli;

import dev.modelbake.model.UsageException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where a command puts what it needs only while it runs. */
final class TemporaryOption {
  @Option(
      names = "--temp",
      paramLabel = "DIR",
      description = "Where downloads lie meanwhile (default: $TMPDIR, else /tmp).")
  private @Nullable Path temporary;

  /**
   * The directory: the option, else {@code TMPDIR}, else the system's.
   *
   * @throws UsageException if it is none that may be written
   */
  Path directory(Session session) {
    String variable = session.environment().getOrDefault("TMPDIR", "");
    boolean told = temporary != null || variable.isEmpty();
    Path directory =
        temporary != null
            ? temporary
            : Path.of(told ? System.getProperty("java.io.tmpdir") : variable);
    if (!Files.isDirectory(directory) || !Files.isWritable(directory)) {
      throw new UsageException(
          "reading " + (told ? "--temp" : "TMPDIR"),
          directory + " is no directory that may be written",
          "name one with --temp");
    }
    return directory;
  }
}
