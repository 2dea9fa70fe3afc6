package dev.modelbake.testing;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;

/** Other programs that a test talks to: missing, they skip the test, and fail it in CI. */
public final class Peers {
  private Peers() {}

  /** Wants these programs on the path. */
  public static void require(String... programs) {
    for (String program : programs) {
      demand(Program.exists(program), program + " is not installed");
    }
  }

  /** Wants the user to be root, as image builds without further set-up do. */
  public static void requireRoot() {
    boolean root = Program.of("id", "-u").run().ok().out().strip().equals("0");
    demand(root, "the tests do not run as root");
  }

  /** Wants a file that {@code .ci/run} brings. */
  public static void requireFile(Path file) {
    demand(Files.exists(file), file + " is not there; .ci/run brings it");
  }

  /** Wants a Python that can import this. */
  public static void requirePython(String python, String module) {
    require("unshare");
    boolean there =
        Files.exists(Path.of(python))
            && Program.of(python, "-c", "import " + module).run().exit() == 0;
    demand(there, python + " has no " + module);
  }

  private static void demand(boolean condition, String missing) {
    if (Boolean.parseBoolean(System.getenv("CI"))) {
      assertTrue(condition, missing);
    }
    assumeTrue(condition, missing);
  }
}
