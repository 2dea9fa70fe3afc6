package dev.modelbake.mirror;

import dev.modelbake.model.Printable;
import dev.modelbake.model.SourceUrl;
import dev.modelbake.model.UsageException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** What a user calls a mirror's directory. */
public final class MirrorPlace {
  private static final int QUOTE = 100;
  private static final String FILE = "file:";

  private MirrorPlace() {}

  /**
   * The directory that a user names: a path, also as {@code file:PATH}.
   *
   * @throws UsageException if it is empty, a URL, or no path
   */
  public static Path directory(String place) {
    boolean file = place.regionMatches(true, 0, FILE, 0, FILE.length());
    String path = file ? place.substring(FILE.length()).replaceFirst("^//(?=/)", "") : place;
    if (path.isBlank() || path.matches("(?i)[a-z][a-z0-9+.-]+://.*")) {
      throw refused(path.isBlank() ? "it is empty" : "it is no directory: " + shown(path));
    }
    try {
      return Path.of(path);
    } catch (InvalidPathException e) {
      throw refused("it is no path: " + shown(path));
    }
  }

  private static String shown(String path) {
    return Printable.of(SourceUrl.shown(path), QUOTE);
  }

  private static UsageException refused(String what) {
    return new UsageException(
        "reading the mirror's place",
        what,
        "name a directory, or where the command takes one a URL or oci://HOST/REPOSITORY");
  }
}
