package dev.modelbake.cli;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Where the running program is. */
final class Installation {
  private Installation() {}

  /** The directory of the distribution, or the one in which the single jar lies. */
  static Optional<Path> home() {
    return jar().map(jar -> distribution(jar).orElse(jar.resolveSibling("")));
  }

  /** The directory of the distribution, or the single jar: what can be carried elsewhere. */
  static Optional<Path> program() {
    return jar().map(jar -> distribution(jar).orElse(jar));
  }

  private static Optional<Path> distribution(Path jar) {
    return Optional.ofNullable(jar.getParent())
        .map(Path::getParent)
        .filter(home -> Files.isRegularFile(home.resolve("bin/modelbake")));
  }

  /**
   * {@code java -jar} makes it the class path. The classes themselves do not know where they come
   * from when they were taken out of an archive.
   */
  private static Optional<Path> jar() {
    String path = System.getProperty("java.class.path", "");
    return path.endsWith(".jar") && path.indexOf(File.pathSeparatorChar) < 0
        ? Optional.of(Path.of(path).toAbsolutePath())
        : Optional.empty();
  }
}
