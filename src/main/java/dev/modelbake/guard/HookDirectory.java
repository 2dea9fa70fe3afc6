package dev.modelbake.guard;

import dev.modelbake.store.TemporaryDirectory;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A directory, for one run, with the hook for {@code PYTHONPATH} and a place for what it notes. The
 * command may change to another user, who has to read the one and write to the other.
 */
final class HookDirectory implements AutoCloseable {
  private static final String HOOK = "modelbake_guard.py";
  private static final String START = "sitecustomize.py";
  private static final String RUNNER = "run.py";

  private final TemporaryDirectory held;
  private final Path root;

  private HookDirectory(TemporaryDirectory held) {
    this.held = held;
    root = held.path();
  }

  /** Makes it in the first place that can be written; nothing when there is none. */
  static Optional<HookDirectory> make(Map<String, String> environment) {
    List<String> places =
        Stream.of(
                environment.get("TMPDIR"), "/tmp", "/var/tmp", "/dev/shm", environment.get("HOME"))
            .filter(place -> place != null && place.startsWith("/"))
            .toList();
    for (String place : places) {
      try {
        return Optional.of(in(Path.of(place)));
      } catch (IOException e) {
        // The next one.
      }
    }
    return Optional.empty();
  }

  private static HookDirectory in(Path place) throws IOException {
    HookDirectory made = new HookDirectory(TemporaryDirectory.begin(place, "modelbake-guard-"));
    try {
      Files.setPosixFilePermissions(made.root, PosixFilePermissions.fromString("rwxr-xr-x"));
      Files.createDirectory(made.hook());
      Files.setPosixFilePermissions(made.hook(), PosixFilePermissions.fromString("rwxr-xr-x"));
      for (String name : List.of(HOOK, START)) {
        Path file = Files.writeString(made.hook().resolve(name), text(name));
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
      }
      Files.createDirectory(made.notes());
      Files.setAttribute(made.notes(), "unix:mode", 01777);
      return made;
    } catch (IOException e) {
      made.close();
      throw e;
    }
  }

  /** The hook, and what runs a command under it, as one file that needs nothing else. */
  static String aloneText() {
    return text(HOOK) + text(RUNNER);
  }

  private static String text(String name) {
    try (InputStream in = HookDirectory.class.getResourceAsStream("/guard/" + name)) {
      if (in == null) {
        throw new IllegalStateException(name + " is not in the program");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new IllegalStateException(name + " cannot be read", e);
    }
  }

  /** What goes in front of {@code PYTHONPATH}. */
  Path hook() {
    return root.resolve("hook");
  }

  /** Where the hook notes. */
  Path notes() {
    return root.resolve("notes");
  }

  /** Removes it; what cannot be removed is left to whoever clears the temporary directory. */
  @Override
  public void close() {
    try {
      held.close();
    } catch (IOException e) {
      return;
    }
  }
}
