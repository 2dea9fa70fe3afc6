package dev.modelbake.store;

import dev.modelbake.model.DiskException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.function.Function;
import java.util.stream.Stream;

/** A directory for one piece of work, which is gone afterwards with everything in it. */
public final class TemporaryDirectory {
  private TemporaryDirectory() {}

  /**
   * Does something in a directory of its own.
   *
   * @param parent an existing directory, which the user names with {@code --temp}
   * @param prefix begins its name
   * @throws DiskException if it cannot be made or removed
   */
  public static <T> T during(Path parent, String prefix, Function<Path, T> work) {
    try {
      Path directory = Files.createTempDirectory(parent, prefix);
      try {
        return work.apply(directory);
      } finally {
        remove(directory);
      }
    } catch (IOException e) {
      throw new DiskException(
          "making a temporary directory",
          parent.toString(),
          e.toString(),
          "name another with --temp",
          e);
    }
  }

  private static void remove(Path directory) throws IOException {
    try (Stream<Path> all = Files.walk(directory)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    }
  }
}
