package dev.modelbake.bake;

import dev.modelbake.model.CannotCreateException;
import dev.modelbake.model.Owner;
import dev.modelbake.plan.Accounts;
import dev.modelbake.plan.Surroundings;
import dev.modelbake.plan.Surroundings.Owning;
import dev.modelbake.publish.Stat;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;

/** Reads what the plan needs to know of this machine or of the image below a root. */
final class SurroundingsReader {
  private static final long MOST = 16L << 20;

  private SurroundingsReader() {}

  /**
   * Reads the surroundings.
   *
   * @param packages Python packages whose directories are wanted
   */
  static Surroundings read(Path root, Map<String, String> environment, SortedSet<String> packages) {
    Accounts accounts =
        Accounts.parse(text(root.resolve("etc/passwd")), text(root.resolve("etc/group")));
    Optional<String> home =
        Optional.ofNullable(environment.get("HOME")).filter(path -> path.startsWith("/"));
    return new Surroundings(
        environment,
        accounts,
        self(),
        home,
        new PythonReader(environment).packages(root, packages),
        Owning.of(System.getProperty("os.name", "")));
  }

  /** A file that is absent, unreadable or absurdly large counts as empty: no entries. */
  private static String text(Path file) {
    try {
      return Files.isRegularFile(file) && Files.size(file) <= MOST
          ? Files.readString(file, StandardCharsets.ISO_8859_1)
          : "";
    } catch (IOException e) {
      return "";
    }
  }

  private static Owner self() {
    try {
      return Stat.self();
    } catch (IOException e) {
      throw new CannotCreateException(
          System.getProperty("java.io.tmpdir"),
          "the running user cannot be found out: /proc is not mounted, and no file can be made here",
          "mount /proc, or name another directory with -Djava.io.tmpdir",
          e);
    }
  }
}
