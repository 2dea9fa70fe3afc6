package dev.modelbake.cli;

import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
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

  /** Classes in a directory are no installation. */
  private static Optional<Path> jar() {
    CodeSource source = Installation.class.getProtectionDomain().getCodeSource();
    try {
      return source == null
          ? Optional.empty()
          : Optional.of(Path.of(source.getLocation().toURI())).filter(Files::isRegularFile);
    } catch (URISyntaxException e) {
      return Optional.empty();
    }
  }
}
