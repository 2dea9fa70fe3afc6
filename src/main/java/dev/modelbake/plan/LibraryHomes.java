package dev.modelbake.plan;

import dev.modelbake.model.Location;
import dev.modelbake.model.Text;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Where the variables of libraries lead in an environment, set or not. */
public final class LibraryHomes {
  private LibraryHomes() {}

  /**
   * The absolute directories by variable; one that cannot be told is left out.
   *
   * @param home what {@code ~} means
   */
  public static SortedMap<String, Path> of(Map<String, String> environment, String home) {
    Location at = Location.of("the environment");
    Variables variables =
        new Variables(Map.of(), Map.of(), environment, PythonPackages.NONE, where -> home);
    SortedMap<String, Path> homes = new TreeMap<>();
    for (String name : LibraryDefaults.names()) {
      try {
        Path directory = Path.of(variables.resolve(new Text("${" + name + "}", at)));
        if (directory.isAbsolute()) {
          homes.put(name, directory.normalize());
        }
      } catch (Unresolvable | InvalidPathException e) {
        // Nothing that a library could find either.
      }
    }
    return homes;
  }
}
