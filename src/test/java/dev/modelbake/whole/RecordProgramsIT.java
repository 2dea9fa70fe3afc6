package dev.modelbake.whole;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.modelbake.testing.Peers;
import dev.modelbake.testing.Program;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Programs that are not Python, on their own and as children of one. */
class RecordProgramsIT {
  @TempDir Path work;
  private WarmUp warm;

  @BeforeEach
  void serve() throws IOException {
    warm = new WarmUp(work);
    warm.serve("/a.onnx", "a model");
  }

  @AfterEach
  void stop() {
    warm.close();
  }

  private void assertRecorded(Program.Ended ended) throws IOException {
    assertEquals(0, ended.exit(), ended::toString);
    String manifest = warm.manifest();
    assertTrue(manifest.contains("- url: \"" + warm.origin() + "/a.onnx\"\n"), manifest);
    assertFalse((manifest + ended.all()).contains("SECRET"), () -> manifest + ended);
    warm.lint();
  }

  /** None of them says to which directory it is put: the command line does. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "subprocess.run(['curl', '-sSfo', target, url + '?token=SECRET'], check=True)",
        "subprocess.run('curl -sSf -o %s \"%s\"' % (target, url), shell=True, check=True)",
        "subprocess.check_call(['curl', '-sSfO', url], cwd=home)",
        "assert os.system('curl -sSf -o %s \"%s\"' % (target, url)) == 0",
        "os.waitpid(os.posix_spawn(curl, ['curl', '-sSfo', target, url + '?token=SECRET'], os.environ), 0)",
        "os.execv(curl, ['curl', '-sSfo', target, url + '?token=SECRET'])",
        "subprocess.run(['wget', '-q', '--ca-certificate', os.environ['SSL_CERT_FILE'], '-P', home, url], check=True)",
      })
  void whatAPythonTellsAnotherProgramToFetchIsFetchedAgain(String call) throws IOException {
    Peers.require("curl", "wget");
    String code =
        """
        import os, shutil, subprocess
        home = os.path.expanduser("~/own"); os.makedirs(home, exist_ok=True)
        target = home + "/a.onnx"
        curl = shutil.which("curl")
        url = os.environ["ORIGIN"].replace("//", "//user:SECRET@") + "/a.onnx"
        if not os.path.exists(target):
            CALL
        """
            .replace("CALL", call);
    assertRecorded(warm.record("--prove", "--", WarmUp.PYTHON, "-c", code).run());
  }

  @Test
  void curlAloneIsRecordedWithoutWatch() throws IOException {
    Peers.require("curl");
    assertRecorded(warm.record("--", "curl", "-sSfO", warm.origin() + "/a.onnx").run());
    assertTrue(warm.manifest().contains("dir: " + work.toRealPath() + "\n"), warm.manifest());
  }

  @Test
  void wgetAloneIsRecordedWithoutWatch() throws IOException {
    Peers.require("wget");
    assertRecorded(
        warm.record("--", "wget", "-q", "--ca-certificate", "ca.pem", "-P", "models")
            .and(warm.origin() + "/a.onnx")
            .run());
  }

  @Test
  void aPlainAddressThatAProgramAsksTheProxyForIsSeen() throws IOException {
    Peers.require("curl");
    Files.writeString(work.resolve("list.cfg"), "");
    Program.Ended ended =
        warm.record("--", "curl", "-sS", "-m", "20", "-K", "list.cfg", "http://models.invalid/x")
            .run();
    assertTrue(ended.exit() == 0 || ended.exit() == 22 || ended.exit() == 66, ended::toString);
    WarmUp.assertSaid(ended, "through the proxy: models.invalid:80");
  }

  @Test
  void whatPythonAskedOfTheProxyIsNotToldAsAnothersToo() {
    Peers.requirePython(WarmUp.PYTHON, "requests");
    Program.Ended ended =
        warm.record("--", WarmUp.PYTHON, "-c")
            .and(
                """
                import requests
                try: requests.get("https://models.invalid/x", timeout=20)
                except OSError: pass
                """)
            .run();
    assertEquals(66, ended.exit(), ended::toString);
    assertFalse(ended.err().contains("through the proxy"), ended::toString);
  }

  /** A clone is no download: what is checked out is told, and not pinned. */
  @Test
  void aCloneIsListedAndNotPinned() throws IOException {
    Peers.require("git");
    String made =
        "git init -q r && cd r && echo weights > w.bin && git add . && git -c user.name=n -c"
            + " user.email=e commit -qm m && git update-server-info";
    Program.of("sh", "-ec", made).in(work).run().ok();
    Path git = work.resolve("r/.git");
    try (var files = Files.walk(git)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        warm.served().put("/r.git/" + git.relativize(file), Files.readAllBytes(file));
      }
    }
    Program.Ended ended =
        warm.record("--watch", "clone", "--", "git", "clone", "-q", warm.origin() + "/r.git")
            .and("clone")
            .with("GIT_SSL_CAINFO", work.resolve("ca.pem").toString())
            .run();
    assertEquals(69, ended.exit(), ended::toString);
    WarmUp.assertSaid(ended, "derived, not pinned: ", "clone/w.bin");
  }
}
