package dev.modelbake.whole;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.modelbake.testing.Peers;
import dev.modelbake.testing.Program;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What record says, where it writes, and what it finds out before the command runs. */
class RecordUsageIT {
  @TempDir Path work;
  private WarmUp warm;

  @BeforeEach
  void serve() throws IOException {
    Peers.require("curl");
    warm = new WarmUp(work);
  }

  @AfterEach
  void stop() {
    warm.close();
  }

  private Program fetching(Object... options) {
    warm.serve("/a.onnx", "a");
    return warm.record(options)
        .and("--watch", "models", "--", "sh", "-ec")
        .and(
            "mkdir -p models; curl -sSf -o models/a.onnx "
                + warm.origin()
                + "/a.onnx; echo from the command");
  }

  @Test
  void whatCannotBeWrittenIsFoundBeforeTheCommandRuns() throws IOException {
    Files.writeString(work.resolve("broken.yaml"), "schema: modelbake/1\nmodels:\n  - nome: x\n");
    Files.writeString(work.resolve("flow.yaml"), "schema: modelbake/1\nmodels: []\n");
    Files.createDirectory(work.resolve("directory"));
    List<List<String>> options =
        List.of(
            List.of("-o", "no/such/models.yaml"),
            List.of("-o", "directory"),
            List.of("-o", "broken.yaml/models.yaml"),
            List.of("--merge", "broken.yaml"),
            List.of("--merge", "flow.yaml"),
            List.of("--merge", "missing.yaml"),
            List.of("--cacert", "missing.pem"),
            List.of("--temp", "missing"));
    for (List<String> one : options) {
      Program.Ended ended = warm.record(one.toArray()).and("--", "touch", "ran").run();
      assertTrue(ended.exit() >= 64 && ended.exit() < 80, () -> one + " " + ended);
      assertFalse(Files.exists(work.resolve("ran")), () -> "it ran with " + one);
    }
    assertFalse(Files.exists(work.resolve("models.yaml")));
  }

  @Test
  void aFailedWarmUpLeavesNoEmptyManifest() {
    warm.record("-o", "new.yaml", "--", "false").run();
    assertFalse(Files.exists(work.resolve("new.yaml")));
  }

  /** The second run starts where the first did, and would find what that one left there. */
  @Test
  void aFileOfTheWorkingDirectoryProvesNothingAlsoBelowHome() throws IOException {
    warm.serve("/a.onnx", "a");
    Program.Ended ended =
        warm.record("--prove", "--", "curl", "-sSf", "-o", "a.onnx", warm.origin() + "/a.onnx")
            .with("HOME", work.toString())
            .run();
    assertEquals(78, ended.exit(), ended::toString);
    assertTrue(ended.err().contains("would find them again"), ended::toString);
    assertTrue(warm.manifest().contains("/a.onnx"), warm.manifest());
  }

  @Test
  void whatNobodyLookedAtIsNoProof() throws IOException {
    warm.serve("/a.onnx", "a");
    Path file = work.resolve("home/.u2net/a.onnx");
    Program.Ended ended =
        warm.record("--prove", "--", "curl", "-sSf", "--create-dirs", "-o", file)
            .and(warm.origin() + "/a.onnx")
            .run();
    assertEquals(78, ended.exit(), ended::toString);
    assertTrue(ended.err().contains("no layer looked"), ended::toString);
    assertTrue(Files.exists(work.resolve("models.yaml")));
  }

  @Test
  void quietIsQuietUnlessSomethingIsWrong() throws IOException {
    Program.Ended ended = fetching("-q").run().ok();
    assertEquals("", ended.err());
    assertEquals("from the command\n", ended.out());
    assertTrue(warm.manifest().contains("/a.onnx"), warm.manifest());
    Program.Ended nothing = warm.record("-q", "-o", "other.yaml", "--", "true").run();
    assertEquals(66, nothing.exit(), nothing::toString);
    WarmUp.assertSaid(nothing, "error: recording – no file is new");
  }

  @Test
  void aManifestOnStandardOutputIsAloneThere() {
    Program.Ended ended = fetching("-o", "-").run().ok();
    assertTrue(ended.out().startsWith("schema: modelbake/1\n"), ended::toString);
    assertFalse(ended.out().contains("from the command"), ended::toString);
    WarmUp.assertSaid(ended, "from the command\n");
    Program.Ended failed = warm.record("-o", "-", "--", "sh", "-c", "echo out; exit 3").run();
    assertEquals(3, failed.exit(), failed::toString);
    assertEquals("", failed.out());
    assertEquals(127, warm.record("-o", "-", "--", "no-such-command").run().exit());
  }

  @Test
  void whatIsNotLookedAtIsTold() throws IOException {
    Peers.requirePython(WarmUp.PYTHON, "os");
    Path left = Files.createTempFile("modelbake-left", "");
    try {
      Program.Ended ended =
          warm.record("--watch", "nowhere", "--watch", "made", "--", WarmUp.PYTHON, "-c")
              .and(
                  "import os; os.mkdir('made'); open('made/empty', 'w').close();"
                      + " open('%s', 'w').write('x')".formatted(left))
              .run();
      assertEquals(69, ended.exit(), ended::toString);
      WarmUp.assertSaid(
          ended,
          "made/empty (0 bytes): it is empty",
          "--watch nowhere: there is none",
          "not looked at: new files below temporary directories, 1 in all, such as " + left);
      assertFalse(ended.err().contains("--watch made"), ended::toString);
    } finally {
      Files.delete(left);
    }
  }

  /** The bake of the proof looks for packages where the command does: in a Python not in PATH. */
  @Test
  void aProofUsesTheVirtualEnvironmentOfTheCommand() throws IOException {
    Peers.requirePython(WarmUp.PYTHON, "venv");
    Program.of(WarmUp.PYTHON, "-m", "venv", "--without-pip", work.resolve("venv")).run().ok();
    String version =
        Program.of(WarmUp.PYTHON, "-c", "import sys; print('python%d.%d' % sys.version_info[:2])")
            .run()
            .ok()
            .out()
            .strip();
    Path own =
        Files.createDirectories(work.resolve("venv/lib/" + version + "/site-packages/own/models"));
    Files.writeString(own.resolveSibling("__init__.py"), "");
    byte[] there = warm.serve("/there.onnx", "there");
    Files.write(own.resolve("there.onnx"), there);
    warm.serve("/a.onnx", "a");
    Files.writeString(
        work.resolve("models.yaml"),
        """
        schema: modelbake/1
        models:
          - name: own/there
            dir: "${python:own}/models"
            files:
              - url: "%s/there.onnx"
                sha256: "%s"
                size: 5
        """
            .formatted(warm.origin(), WarmUp.hex(there)));
    Program.Ended ended =
        warm.record("--merge", "models.yaml", "--prove", "--", "venv/bin/python3", "-c")
            .and(
                """
                import os, urllib.request as u
                home = os.path.expanduser("~/own"); os.makedirs(home, exist_ok=True)
                if not os.path.exists(home + "/a.onnx"):
                    u.urlretrieve(os.environ["ORIGIN"] + "/a.onnx", home + "/a.onnx")
                """)
            .run();
    assertEquals(0, ended.exit(), ended::toString);
    assertTrue(warm.manifest().contains("dir: \"~/own\""), warm.manifest());
  }

  @Test
  void aMergedManifestStaysWhenAnotherFileIsNamed() throws IOException {
    String before =
        """
        schema: modelbake/1
        models:
          - name: models/a
            dir: /opt/other
            files: [{url: "https://h.example/other", sha256: %s, size: 1}]
        """
            .formatted("a1".repeat(32));
    Files.writeString(work.resolve("base.yaml"), before);
    fetching("--merge", "base.yaml", "-o", "sum.yaml").run().ok();
    assertEquals(before, Files.readString(work.resolve("base.yaml")));
    String sum = Files.readString(work.resolve("sum.yaml"));
    assertTrue(sum.startsWith(before), sum);
    assertTrue(sum.contains("  - name: models/a-2\n"), sum);
    Launcher.in(work, "lint", "sum.yaml").run().ok();
  }
}
