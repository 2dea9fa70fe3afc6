package dev.modelbake.whole;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.modelbake.model.Digest;
import dev.modelbake.testing.Peers;
import dev.modelbake.testing.Program;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import okhttp3.tls.HandshakeCertificates;
import okhttp3.tls.HeldCertificate;
import okio.Buffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Warm-ups of libraries that behave like the well-known ones, against an origin with TLS. */
class RecordIT {
  private static final String PYTHON = "/usr/bin/python3";
  private static final String COMMIT = "1110a243fdf4706b3f48f1d95db1a4f5529b4d41";

  @TempDir Path work;
  private final MockWebServer server = new MockWebServer();
  private final Map<String, byte[]> served = new ConcurrentHashMap<>();

  @BeforeEach
  void serve() throws IOException {
    HeldCertificate authority = new HeldCertificate.Builder().certificateAuthority(0).build();
    HeldCertificate own =
        new HeldCertificate.Builder()
            .signedBy(authority)
            .addSubjectAlternativeName("localhost")
            .build();
    server.useHttps(
        new HandshakeCertificates.Builder()
            .heldCertificate(own, authority.certificate())
            .build()
            .sslSocketFactory());
    server.setDispatcher(
        new Dispatcher() {
          @Override
          public MockResponse dispatch(RecordedRequest request) {
            return answer(request.getUrl().encodedPath());
          }
        });
    server.start();
    Files.writeString(work.resolve("ca.pem"), authority.certificatePem());
    Files.createDirectories(work.resolve("home"));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  /** As hosts of releases do: a stable address leads to a signed one. */
  private MockResponse answer(String path) {
    String release = "/release/";
    if (path.startsWith(release)) {
      String signed = "/" + path.substring(release.length()) + "?X-Amz-Signature=signed";
      return new MockResponse.Builder().code(302).setHeader("Location", signed).build();
    }
    byte[] body = served.get(path);
    return body == null
        ? new MockResponse.Builder().code(404).build()
        : new MockResponse.Builder().body(new Buffer().write(body)).build();
  }

  private String origin() {
    return "https://localhost:" + server.getPort();
  }

  private byte[] serve(String path, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    served.put(path, bytes);
    return bytes;
  }

  private static String hex(byte[] bytes) {
    return Digest.ofBytes(bytes).hex();
  }

  private Program record(Object... words) {
    String authority = work.resolve("ca.pem").toString();
    return Launcher.in(work, "record")
        .and(words)
        .with("HOME", work.resolve("home").toString())
        .with("ORIGIN", origin())
        .with("HF_ENDPOINT", origin())
        .with("PYTHONPATH", work.resolve("site-packages").toString())
        .with("PYTHONDONTWRITEBYTECODE", "1")
        .with("SSL_CERT_FILE", authority)
        .with("REQUESTS_CA_BUNDLE", authority)
        .with("CURL_CA_BUNDLE", authority)
        .with("NODE_EXTRA_CA_CERTS", authority)
        .with("XDG_CACHE_HOME", "")
        .with("HF_HOME", "");
  }

  private void library(String name, String code) throws IOException {
    Path directory = Files.createDirectories(work.resolve("site-packages").resolve(name));
    Files.writeString(directory.resolve("__init__.py"), code);
  }

  private String manifest() throws IOException {
    return Files.readString(work.resolve("models.yaml"));
  }

  private static void assertSaid(Program.Ended ended, String... texts) {
    for (String text : texts) {
      assertTrue(ended.err().contains(text), () -> "no word of '" + text + "' in " + ended);
    }
  }

  private void lint() {
    Launcher.in(work, "lint", "models.yaml").run().ok();
  }

  /** A library that downloads while it is imported, with a credential, into its own package. */
  @Test
  void rapidOcrIsRecordedAndProvenElsewhereOnly() throws IOException {
    Peers.requirePython(PYTHON, "requests");
    byte[] model = serve("/det.onnx", "a model");
    library(
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
    Program.Ended ended = record("--prove", "--", PYTHON, "-c", "import rapidocr").run();
    assertEquals(78, ended.exit(), ended::toString);
    assertTrue(
        manifest()
            .contains(
                """
                  - name: rapidocr/det
                    dir: "${python:rapidocr}/models"
                    files:
                      - url: "%s/release/det.onnx"
                        sha256: %s
                        size: 7
                """
                    .formatted(origin(), hex(model))),
        manifest());
    assertFalse((manifest() + ended.err()).contains("secret"), manifest() + ended);
    assertFalse(manifest().contains("signed"), manifest());
    assertSaid(ended, "recorded 1 file in 1 model", "lie outside HOME", "guard there");
    lint();
  }

  @Test
  void rembgFetchesWithPoochIntoItsHome() throws IOException {
    Peers.requirePython(PYTHON, "pooch");
    byte[] model = serve("/u2net.onnx", "u2net");
    library(
        "rembg",
        """
        import os, pooch
        def session():
            home = os.environ.get("U2NET_HOME", os.path.expanduser("~/.u2net"))
            pooch.retrieve(os.environ["ORIGIN"] + "/u2net.onnx", None, fname="u2net.onnx", path=home)
        """);
    Program.Ended ended =
        record("--prove", "--", PYTHON, "-c", "import rembg; rembg.session()").run();
    assertEquals(0, ended.exit(), ended::toString);
    assertTrue(manifest().contains("name: rembg/u2net\n    dir: \"${U2NET_HOME}\"\n"), manifest());
    assertTrue(manifest().contains(hex(model)), manifest());
    lint();
  }

  @Test
  void torchHubKeepsCheckpointsByTheNameInTheUrl() throws IOException {
    Peers.requirePython(PYTHON, "torch");
    serve("/net-0123.pth", "weights");
    Program.Ended ended =
        record(
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
    assertTrue(manifest().contains("dir: \"${TORCH_HOME}/hub/checkpoints\""), manifest());
    lint();
  }

  @Test
  void aHuggingFaceCacheBecomesItsRepositoryAtItsCommit() throws IOException {
    Peers.requirePython(PYTHON, "httpx");
    serve("/org/name/resolve/" + COMMIT + "/config.json", "{}");
    byte[] weights = serve("/org/name/resolve/" + COMMIT + "/model.safetensors", "weights");
    library(
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
        record("--prove", "--", PYTHON, "-c", "import hub").with("HF_HUB_OFFLINE", "").run();
    assertEquals(0, ended.exit(), ended::toString);
    assertTrue(
        manifest().contains("huggingface: {repo: org/name, revision: " + COMMIT + ", ref: main}"),
        manifest());
    assertTrue(
        manifest().contains("sha256: " + hex(weights) + "\n        size: 7\n        lfs: true\n"),
        manifest());
    assertFalse(manifest().contains("url:"), manifest());
    lint();
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
    served.put("/craft.zip", archive.toByteArray());
    library(
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
    Program.Ended ended = record("--prove", "--", PYTHON, "-c", "import easyocr").run();
    assertEquals(0, ended.exit(), ended::toString);
    assertTrue(manifest().contains("dir: \"${EASYOCR_MODULE_PATH}/model\""), manifest());
    assertTrue(manifest().contains("unpack: zip\n"), manifest());
    assertTrue(manifest().contains("- {path: craft.pth, sha256: "), manifest());
    lint();
  }

  @Test
  void otherProgramsAreRecordedByTheirCommandLine() throws IOException {
    Peers.require("curl");
    serve("/a.onnx", "by curl");
    Program.Ended ended =
        record("--watch", "models", "-o", "-", "--")
            .and("curl", "-sSf", "--create-dirs", "-o", "models/a.onnx", origin() + "/a.onnx")
            .run();
    assertEquals(0, ended.exit(), ended::toString);
    assertTrue(ended.out().contains("- url: \"" + origin() + "/a.onnx\""), ended::toString);
    assertTrue(ended.out().contains("dir: " + work.toRealPath().resolve("models")), ended::out);
    assertSaid(ended, "the hook started in no Python");
  }

  @Test
  void whatNobodyGivesAgainIsDerivedAndNotPinned() throws IOException {
    Peers.require("node");
    serve("/a.onnx", "by node");
    Program.Ended ended =
        record("--watch", ".", "--")
            .and(
                "node",
                "-e",
                "require('https').get(process.env.ORIGIN + '/a.onnx', a =>"
                    + " a.pipe(require('fs').createWriteStream('a.onnx')))")
            .run();
    assertEquals(69, ended.exit(), ended::toString);
    assertSaid(ended, "derived, not pinned: ", "/a.onnx");
    assertFalse(Files.exists(work.resolve("models.yaml")));
  }

  @Test
  void aPinThatTheSourceDoesNotGiveASecondTimeIsNotWritten() throws IOException {
    serve("/a.onnx", "first");
    Program.Ended ended =
        record("--watch", "models", "--", "sh", "-ec")
            .and(
                "mkdir models; curl -sSf -o models/a.onnx $ORIGIN/a.onnx; echo changed >> models/a.onnx")
            .run();
    assertEquals(69, ended.exit(), ended::toString);
  }

  @Test
  void aWarmUpThatFailsWritesNothingAndAWarmCacheIsTold() {
    Program.Ended failed = record("--", "sh", "-c", "exit 3").run();
    assertEquals(3, failed.exit(), failed::toString);
    assertSaid(failed, "nothing is written");
    assertFalse(Files.exists(work.resolve("models.yaml")));
    Program.Ended nothing = record("--", "true").run();
    assertEquals(66, nothing.exit(), nothing::toString);
    assertSaid(nothing, "no file is new");
    assertEquals(127, record("--", "no-such-command").run().exit());
    assertEquals(64, record().run().exit());
  }

  @Test
  void aManifestThatIsThereIsNeverReplacedButAddedTo() throws IOException {
    Peers.require("curl");
    serve("/a.onnx", "a");
    serve("/b.onnx", "b");
    String run = "curl -sSf --create-dirs -o models/%1$s.onnx " + origin() + "/%1$s.onnx";
    record("--watch", "models", "--").and((Object[]) run.formatted("a").split(" ", -1)).run().ok();
    assertEquals(64, record("--", "true").run().exit());
    Files.writeString(work.resolve("models.yaml"), manifest() + "# kept\n");
    Files.delete(work.resolve("models/a.onnx"));
    record("--watch", "models", "--merge", "models.yaml", "--")
        .and((Object[]) run.formatted("a").split(" ", -1))
        .run()
        .ok();
    assertEquals(1, manifest().lines().filter(line -> line.contains("- url:")).count(), manifest());
    record("--watch", "models", "--merge", "models.yaml", "--")
        .and((Object[]) run.formatted("b").split(" ", -1))
        .run()
        .ok();
    assertEquals(2, manifest().lines().filter(line -> line.contains("- url:")).count(), manifest());
    assertTrue(manifest().contains("# kept"), manifest());
    lint();
  }

  @Test
  void aWarmUpThatStillCallsOutIsNotProven() throws IOException {
    Peers.requirePython(PYTHON, "requests");
    serve("/a.onnx", "a");
    serve("/version", "1");
    library(
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
    Program.Ended ended = record("--prove", "--", PYTHON, "-c", "import caller").run();
    assertEquals(79, ended.exit(), ended::toString);
    assertSaid(ended, "refused telemetry.invalid:443: caller/__init__.py:6, through requests");
  }
}
