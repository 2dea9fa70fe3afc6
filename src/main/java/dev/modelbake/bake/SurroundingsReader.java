package dev.modelbake.bake;

import dev.modelbake.model.CannotCreateException;
import dev.modelbake.model.Owner;
import dev.modelbake.plan.Accounts;
import dev.modelbake.plan.Surroundings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
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
        new PythonReader(environment).packages(root, packages));
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

  /** The effective user and group: those of this process's own entry in proc(5). */
  private static Owner self() {
    Path process = Path.of("/proc/self");
    try {
      Path entry = process.toRealPath();
      return new Owner(id(entry, "unix:uid"), id(entry, "unix:gid"));
    } catch (IOException | UnsupportedOperationException e) {
      throw new CannotCreateException(
          process.toString(),
          "the running user cannot be read",
          "mount /proc, or name the owner by number",
          e);
    }
  }

  private static long id(Path entry, String attribute) throws IOException {
    return Integer.toUnsignedLong(
        (Integer) Files.getAttribute(entry, attribute, LinkOption.NOFOLLOW_LINKS));
  }
}
