package dev.modelbake.whole;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.modelbake.testing.Peers;
import dev.modelbake.testing.Program;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Warm-ups of libraries that behave like the well-known ones, against an origin with TLS. */
class RecordIT {
  private static final String PYTHON = WarmUp.PYTHON;
  private static final String COMMIT = "1110a243fdf4706b3f48f1d95db1a4f5529b4d41";

  @TempDir Path work;
  private WarmUp warm;

  @BeforeEach
  void serve() throws IOException {
    warm = new WarmUp(work);
  }

  @AfterEach
  void stop() {
    warm.close();
  }

  /** A library that downloads while it is imported, with a credential, into its own package. */
  @Test
  void rapidOcrIsRecordedAndProvenElsewhereOnly() throws IOException {
    Peers.requirePython(PYTHON, "requests");
    byte[] model = warm.serve("/det.onnx", "a model");
    warm.library(
        "rapidocr",
        """
        import os, requests
        path = os.path.join(os.path.dirname(__file__), "models", "det.onnx")
        if not os.path.exists(path):
            os.makedirs(os.path.dirname(path), exist_ok=True)
            url = os.environ["ORIGIN"].replace("//", "//user:secret@") + "/release/det.onnx"
            answer = requests.get(url + "?token=secret")
            answer.raise_for_status()
            with open(path, "wb") as f:
                f.write(answer.content)
        """);
    Program.Ended ended = warm.record("--prove", "--", PYTHON, "-c", "import rapidocr").run();
    assertEquals(78, ended.exit(), ended::toString);
    assertTrue(
        warm.manifest()
            .contains(
                """
                  - name: rapidocr/det
                    dir: "${python:rapidocr}/models"
                    files:
                      - url: "%s/release/det.onnx"
                        sha256: %s
                        size: 7
                """
                    .formatted(warm.origin(), WarmUp.hex(model))),
        warm.manifest());
    assertFalse((warm.manifest() + ended.err()).contains("secret"), warm.manifest() + ended);
    assertFalse(warm.manifest().contains("signed"), warm.manifest());
    WarmUp.assertSaid(ended, "recorded 1 file in 1 model", "lie outside HOME", "guard there");
    warm.lint();
  }

  @Test
  void rembgFetchesWithPoochIntoItsHome() throws IOException {
    Peers.requirePython(PYTHON, "pooch");
    byte[] model = warm.serve("/u2net.onnx", "u2net");
    warm.library(
        "rembg",
        """
        import os, pooch
        def session():
            home = os.environ.get("U2NET_HOME", os.path.expanduser("~/.u2net"))
            pooch.retrieve(os.environ["ORIGIN"] + "/u2net.onnx", None, fname="u2net.onnx", path=home)
        """);
    Program.Ended ended =
        warm.record("--prove", "--", PYTHON, "-c", "import rembg; rembg.session()").run();
    assertEquals(0, ended.exit(), ended::toString);
    assertTrue(
        warm.manifest().contains("name: rembg/u2net\n    dir: \"${U2NET_HOME}\"\n"),
        warm.manifest());
    assertTrue(warm.manifest().contains(WarmUp.hex(model)), warm.manifest());
    warm.lint();
  }

  @Test
  void torchHubKeepsCheckpointsByTheNameInTheUrl() throws IOException {
    Peers.requirePython(PYTHON, "torch");
    warm.serve("/net-0123.pth", "weights");
    Program.Ended ended =
        warm.record(
                "--prove",
                "--",
                PYTHON,
                "-c",
                """
                import os, torch.hub as hub
                path = os.path.join(hub.get_dir(), "checkpoints", "net-0123.pth")
                if not os.path.exists(path):
                    os.makedirs(os.path.dirname(path))
                    hub.download_url_to_file(os.environ["ORIGIN"] + "/net-0123.pth", path, progress=False)
                """)
            .run();
    assertEquals(0, ended.exit(), ended::toString);
    assertTrue(warm.manifest().contains("dir: \"${TORCH_HOME}/hub/checkpoints\""), warm.manifest());
    warm.lint();
  }

  @Test
  void aHuggingFaceCacheBecomesItsRepositoryAtItsCommit() throws IOException {
    Peers.requirePython(PYTHON, "httpx");
    warm.serve("/org/name/resolve/" + COMMIT + "/config.json", "{}");
    byte[] weights = warm.serve("/org/name/resolve/" + COMMIT + "/model.safetensors", "weights");
    warm.library(
        "hub",
        """
        import hashlib, httpx, os
        commit = "%s"
        assert "1" in (os.environ.get("HF_HUB_DISABLE_XET"), os.environ.get("HF_HUB_OFFLINE"))
        repo = os.path.expanduser("~/.cache/huggingface/hub/models--org--name")
        def get(name):
            path = os.path.join(repo, "snapshots", commit, name)
            if os.path.exists(path):
                return
            data = httpx.get("%%s/org/name/resolve/%%s/%%s" %% (os.environ["ORIGIN"], commit, name)).content
            git = hashlib.sha1(b"blob %%d\\0" %% len(data) + data).hexdigest()
            blob = hashlib.sha256(data).hexdigest() if name.endswith("tensors") else git
            for directory in ("blobs", "refs", "snapshots/" + commit):
                os.makedirs(os.path.join(repo, directory), exist_ok=True)
            with open(os.path.join(repo, "blobs", blob), "wb") as f: f.write(data)
            with open(os.path.join(repo, "refs", "main"), "w") as f: f.write(commit)
            os.symlink("../../blobs/" + blob, path)
        get("config.json"); get("model.safetensors")
        """
            .formatted(COMMIT));
    Program.Ended ended =
        warm.record("--prove", "--", PYTHON, "-c", "import hub").with("HF_HUB_OFFLINE", "").run();
    assertEquals(0, ended.exit(), ended::toString);
    assertTrue(
        warm.manifest()
            .contains("huggingface: {repo: org/name, revision: " + COMMIT + ", ref: main}"),
        warm.manifest());
    assertTrue(
        warm.manifest()
            .contains("sha256: " + WarmUp.hex(weights) + "\n        size: 7\n        lfs: true\n"),
        warm.manifest());
    assertFalse(warm.manifest().contains("url:"), warm.manifest());
    warm.lint();
  }

  @Test
  void easyOcrKeepsOneMemberOfItsArchive() throws IOException {
    ByteArrayOutputStream archive = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(archive)) {
      for (String name : List.of("README", "craft.pth")) {
        zip.putNextEntry(new ZipEntry(name));
        zip.write(name.getBytes(StandardCharsets.UTF_8));
      }
    }
    warm.served().put("/craft.zip", archive.toByteArray());
    warm.library(
        "easyocr",
        """
        import os, urllib.request, zipfile
        home = os.path.expanduser("~/.EasyOCR/model")
        if not os.path.exists(home + "/craft.pth"):
            os.makedirs(home)
            urllib.request.urlretrieve(os.environ["ORIGIN"] + "/craft.zip", home + "/temp.zip")
            with zipfile.ZipFile(home + "/temp.zip") as z:
                z.extract("craft.pth", home)
            os.remove(home + "/temp.zip")
        """);
    Program.Ended ended = warm.record("--prove", "--", PYTHON, "-c", "import easyocr").run();
    assertEquals(0, ended.exit(), ended::toString);
    assertTrue(warm.manifest().contains("dir: \"${EASYOCR_MODULE_PATH}/model\""), warm.manifest());
    assertTrue(warm.manifest().contains("unpack: zip\n"), warm.manifest());
    assertTrue(warm.manifest().contains("- {path: craft.pth, sha256: "), warm.manifest());
    warm.lint();
  }

  @Test
  void otherProgramsAreRecordedByTheirCommandLine() throws IOException {
    Peers.require("curl");
    warm.serve("/a.onnx", "by curl");
    Program.Ended ended =
        warm.record("--watch", "models", "-o", "-", "--")
            .and("curl", "-sSf", "--create-dirs", "-o", "models/a.onnx", warm.origin() + "/a.onnx")
            .run();
    assertEquals(0, ended.exit(), ended::toString);
    assertTrue(ended.out().contains("- url: \"" + warm.origin() + "/a.onnx\""), ended::toString);
    assertTrue(ended.out().contains("dir: " + work.toRealPath().resolve("models")), ended::out);
    WarmUp.assertSaid(ended, "the hook started in no Python");
  }

  @Test
  void whatNobodyGivesAgainIsDerivedAndNotPinned() throws IOException {
    Peers.require("node");
    warm.serve("/a.onnx", "by node");
    Program.Ended ended =
        warm.record("--watch", ".", "--")
            .and(
                "node",
                "-e",
                "require('https').get(process.env.ORIGIN + '/a.onnx', a =>"
                    + " a.pipe(require('fs').createWriteStream('a.onnx')))")
            .run();
    assertEquals(69, ended.exit(), ended::toString);
    WarmUp.assertSaid(ended, "derived, not pinned: ", "/a.onnx");
    assertFalse(Files.exists(work.resolve("models.yaml")));
  }

  @Test
  void aPinThatTheSourceDoesNotGiveASecondTimeIsNotWritten() throws IOException {
    warm.serve("/a.onnx", "first");
    Program.Ended ended =
        warm.record("--watch", "models", "--", "sh", "-ec")
            .and(
                "mkdir models; curl -sSf -o models/a.onnx "
                    + warm.origin()
                    + "/a.onnx; echo changed >> models/a.onnx")
            .run();
    assertEquals(69, ended.exit(), ended::toString);
  }

  @Test
  void aWarmUpThatFailsWritesNothingAndAWarmCacheIsTold() {
    Program.Ended failed = warm.record("--", "sh", "-c", "exit 3").run();
    assertEquals(3, failed.exit(), failed::toString);
    WarmUp.assertSaid(failed, "nothing is written");
    assertFalse(Files.exists(work.resolve("models.yaml")));
    Program.Ended nothing = warm.record("--", "true").run();
    assertEquals(66, nothing.exit(), nothing::toString);
    WarmUp.assertSaid(nothing, "no file is new");
    assertEquals(127, warm.record("--", "no-such-command").run().exit());
    assertEquals(64, warm.record().run().exit());
  }

  @Test
  void aManifestThatIsThereIsNeverReplacedButAddedTo() throws IOException {
    Peers.require("curl");
    warm.serve("/a.onnx", "a");
    warm.serve("/b.onnx", "b");
    String run = "curl -sSf --create-dirs -o models/%1$s.onnx " + warm.origin() + "/%1$s.onnx";
    warm.record("--watch", "models", "--")
        .and((Object[]) run.formatted("a").split(" ", -1))
        .run()
        .ok();
    assertEquals(64, warm.record("--", "true").run().exit());
    Files.writeString(work.resolve("models.yaml"), warm.manifest() + "# kept\n");
    Files.delete(work.resolve("models/a.onnx"));
    warm.record("--watch", "models", "--merge", "models.yaml", "--")
        .and((Object[]) run.formatted("a").split(" ", -1))
        .run()
        .ok();
    assertEquals(
        1,
        warm.manifest().lines().filter(line -> line.contains("- url:")).count(),
        warm.manifest());
    warm.record("--watch", "models", "--merge", "models.yaml", "--")
        .and((Object[]) run.formatted("b").split(" ", -1))
        .run()
        .ok();
    assertEquals(
        2,
        warm.manifest().lines().filter(line -> line.contains("- url:")).count(),
        warm.manifest());
    assertTrue(warm.manifest().contains("# kept"), warm.manifest());
    warm.lint();
  }

  @Test
  void aWarmUpThatStillCallsOutIsNotProven() throws IOException {
    Peers.requirePython(PYTHON, "requests");
    warm.serve("/a.onnx", "a");
    warm.serve("/version", "1");
    warm.library(
        "caller",
        """
        import os, requests
        home = os.path.expanduser("~/models"); os.makedirs(home, exist_ok=True)
        if not os.path.exists(home + "/a.onnx"):
            with open(home + "/a.onnx", "wb") as f:
                f.write(requests.get(os.environ["ORIGIN"] + "/a.onnx").content)
        try: requests.get("https://telemetry.invalid/version")
        except OSError: pass
        """);
    Program.Ended ended = warm.record("--prove", "--", PYTHON, "-c", "import caller").run();
    assertEquals(79, ended.exit(), ended::toString);
    WarmUp.assertSaid(
        ended, "refused telemetry.invalid:443: caller/__init__.py:6, through requests");
  }
}
