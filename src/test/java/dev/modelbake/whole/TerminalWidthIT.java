package dev.modelbake.whole;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.modelbake.testing.Peers;
import dev.modelbake.testing.Program;
import dev.modelbake.testing.Program.Ended;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Text for people is broken between words where a terminal ends, and nowhere else. */
class TerminalWidthIT {
  private static final String NOTE =
      "note: tessdata/eng is as the catalog of this version has it, sha256:";

  @TempDir Path directory;

  private void manifest() throws IOException {
    Files.writeString(
        directory.resolve("models.yaml"),
        """
        schema: modelbake/1
        owner: self
        models:
          - {catalog: tessdata/eng, dir: /opt/a-directory-with-a-name-as-long-as-it-needs-to-be}
        """);
  }

  @Test
  void aPlanOnATerminalBreaksItsLinesBetweenWords() throws IOException {
    Peers.require("script");
    manifest();
    Ended ended =
        Program.of("script", "-qec", Launcher.PROGRAM + " plan", "/dev/null")
            .in(directory)
            .with("TERM", "xterm")
            .with("COLUMNS", "80")
            .run()
            .ok();
    assertTrue(
        ended.out().lines().allMatch(line -> line.length() <= 80),
        () -> "a line is longer than the terminal:\n" + ended.out());
    assertTrue(
        ended
            .out()
            .contains("  /opt/a-directory-with-a-name-as-long-as-it-needs-to-be/eng.traineddata"),
        ended::out);
  }

  @Test
  void aPlanInAFileKeepsEachRowOnOneLine() throws IOException {
    manifest();
    Ended ended = Launcher.in(directory, "plan").with("COLUMNS", "80").run().ok();
    assertEquals(1, ended.out().lines().filter(line -> line.startsWith("fetch ")).count());
    assertTrue(ended.out().lines().anyMatch(line -> line.contains(NOTE)), ended::out);
  }
}
