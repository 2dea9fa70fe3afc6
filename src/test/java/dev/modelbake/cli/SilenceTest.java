package dev.modelbake.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.modelbake.testing.Program;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class SilenceTest {
  /** What a library does that logs. */
  public static final class Logging {
    private Logging() {}

    public static void main(String[] args) {
      Silence.fall();
      System.getLogger("okhttp3.OkHttpClient").log(System.Logger.Level.WARNING, "leaked");
    }
  }

  @Test
  void noLibraryLogsToStandardError() {
    Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    Program.Ended ended =
        Program.of(java, "-cp", System.getProperty("java.class.path"), Logging.class.getName())
            .run()
            .ok();
    assertEquals("", ended.all());
  }
}
