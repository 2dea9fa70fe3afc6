package dev.modelbake.guard;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a shell would find for the name of a command.
 *
 * @param code 0, or 126 or 127 as a shell ends with
 */
record Executable(int code, Optional<Path> path) {
  static final int NOT_EXECUTABLE = 126;
  static final int NOT_FOUND = 127;

  /** As much of a script as the kernel reads (execve(2)). */
  private static final int MOST_LINE = 256;

  private static final Pattern INTERPRETER = Pattern.compile("#![ \\t]*([^ \\t\\r\\n]+)");

  /** Looks for a name with a slash where it says, for any other in the directories of a path. */
  static Executable find(String name, String path) {
    if (name.contains("/")) {
      return in("", name);
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
    if (Files.notExists(file)) {
      return new Executable(NOT_FOUND, Optional.empty());
    }
    boolean runs = Files.isRegularFile(file) && Files.isExecutable(file) && missing(file).isEmpty();
    return new Executable(runs ? 0 : NOT_EXECUTABLE, Optional.of(file));
  }

  /** The interpreter that the first line of a script names, when it is not there. */
  private static Optional<Path> missing(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      String start = new String(in.readNBytes(MOST_LINE), StandardCharsets.ISO_8859_1);
      Matcher line = INTERPRETER.matcher(start);
      return line.lookingAt()
          ? Optional.of(Path.of(line.group(1))).filter(path -> !Files.isExecutable(path))
          : Optional.empty();
    } catch (IOException | InvalidPathException e) {
      return Optional.empty(); // it may be executed all the same
    }
  }

  /** Why it does not run, for people. */
  String fault() {
    if (path.isEmpty()) {
      return "there is no such command";
    }
    if (Files.isDirectory(path.get())) {
      return path.get() + " is a directory";
    }
    if (!Files.isExecutable(path.get())) {
      return path.get() + " is not executable by this user";
    }
    return missing(path.get())
        .map(one -> "its interpreter " + one + " is not there, or not executable")
        .orElse(path.get() + " is not executable");
  }
}
