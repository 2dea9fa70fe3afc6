package dev.modelbake.whole;

import dev.modelbake.testing.Program;
import java.nio.file.Path;

/** The distribution's own launcher, as a user starts it. */
public final class Launcher {
  static final Path PROGRAM = Path.of("target/modelbake/bin/modelbake").toAbsolutePath();

  private Launcher() {}

  /** A command in a directory, with none of the variables that would change its ways. */
  public static Program in(Path directory, Object... arguments) {
    return Program.of(PROGRAM)
        .and(arguments)
        .in(directory)
        .with("MODELBAKE_STORE", "")
        .with("SSL_CERT_FILE", "")
        .with("REQUESTS_CA_BUNDLE", "")
        .with("http_proxy", "")
        .with("HTTP_PROXY", "")
        .with("https_proxy", "")
        .with("HTTPS_PROXY", "")
        .with("ALL_PROXY", "")
        .with("all_proxy", "");
  }
}
