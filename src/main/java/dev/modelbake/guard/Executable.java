package dev.modelbake.guard;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What a shell would find for the name of a command.
 *
 * @param code 0, or 126 or 127 as a shell ends with
 */
record Executable(int code, Optional<Path> path) {
  static final int NOT_EXECUTABLE = 126;
  static final int NOT_FOUND = 127;

  /** Looks for a name with a slash where it says, for any other in the directories of a path. */
  static Executable find(String name, String path) {
    if (name.contains("/")) {
      return at(Path.of(name));
    }
    Executable best = new Executable(NOT_FOUND, Optional.empty());
    for (String directory : path.split(":", -1)) {
      Executable found = name.isEmpty() ? best : in(directory, name);
      if (found.code() == 0) {
        return found;
      }
      best = found.code() == NOT_EXECUTABLE ? found : best;
    }
    return best;
  }

  private static Executable in(String directory, String name) {
    try {
      return at(Path.of(directory).resolve(name));
    } catch (InvalidPathException e) {
      return new Executable(NOT_FOUND, Optional.empty());
    }
  }

  private static Executable at(Path file) {
    if (!Files.exists(file)) {
      return new Executable(NOT_FOUND, Optional.empty());
    }
    boolean runs = Files.isRegularFile(file) && Files.isExecutable(file);
    return new Executable(runs ? 0 : NOT_EXECUTABLE, Optional.of(file));
  }
}
