package dev.modelbake.bake;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.modelbake.model.BakeException;
import dev.modelbake.model.BakeFailedException;
import dev.modelbake.model.BakeReport;
import dev.modelbake.model.Digest;
import dev.modelbake.model.FailureKind;
import dev.modelbake.model.Finding;
import dev.modelbake.model.Plan;
import dev.modelbake.model.PlannedFile.State;
import dev.modelbake.report.Sums;
import dev.modelbake.verify.VerifyOptions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Bakes whole manifests whose files go to more than one plain path. */
class PlacesOfModelsTest {
  private static final String COMMIT = "1110a243fdf4706b3f48f1d95db1a4f5529b4d41";

  @TempDir Path work;
  private final MockWebServer server = new MockWebServer();
  private final Map<String, String> served = new TreeMap<>();
  private Path root;

  @BeforeEach
  void serve() throws IOException {
    root = Files.createDirectory(work.resolve("root"));
    server.setDispatcher(
        new Dispatcher() {
          @Override
          public MockResponse dispatch(RecordedRequest request) {
            String body = served.get(request.getUrl().encodedPath());
            return body == null
                ? new MockResponse.Builder().code(404).build()
                : new MockResponse.Builder().body(body).build();
          }
        });
    server.start();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private String origin() {
    return "http://127.0.0.1:" + server.getPort();
  }

  private static String sha256(String text) {
    return Digest.ofBytes(text.getBytes(StandardCharsets.UTF_8)).hex();
  }

  private ModelBake bake(String manifest) throws IOException {
    Path file = Files.writeString(work.resolve("models.yaml"), manifest);
    return ModelBake.manifest(file)
        .root(root)
        .owner("self")
        .environment(Map.of("HF_ENDPOINT", origin(), "HOME", "/home/me"));
  }

  private String hub(String more) {
    served.put("/org/name/resolve/" + COMMIT + "/config.json", "{}");
    served.put("/org/name/resolve/" + COMMIT + "/1_Pooling/config.json", "pooling");
    served.put("/org/name/resolve/" + COMMIT + "/model.safetensors", "weights");
    return """
        schema: modelbake/1
        env: {HF_HOME: /models/hf}
        models:
          - name: org/name
            huggingface: {repo: org/name, revision: %s, ref: main}
        %s
            files:
              - {path: config.json, sha256: %s, size: 2}
              - {path: 1_Pooling/config.json, sha256: %s, size: 7}
              - {path: model.safetensors, sha256: %s, size: 7, lfs: true}
        """
        .formatted(COMMIT, more, sha256("{}"), sha256("pooling"), sha256("weights"));
  }

  /** Every entry below a directory: a file's text, a link's target, nothing for a directory. */
  private Map<String, String> tree(String directory) throws IOException {
    Path top = root.resolve(directory);
    Map<String, String> tree = new TreeMap<>();
    try (Stream<Path> all = Files.walk(top)) {
      for (Path path : all.toList()) {
        String name = top.relativize(path).toString();
        if (Files.isSymbolicLink(path)) {
          tree.put(name, "-> " + Files.readSymbolicLink(path));
        } else if (Files.isRegularFile(path)) {
          tree.put(name, Files.readString(path));
        }
      }
    }
    return tree;
  }

  private List<FailureKind> findings(ModelBake bake) {
    return bake.verify(VerifyOptions.DEFAULT).findings().stream()
        .filter(finding -> !finding.unexpected())
        .map(Finding::kind)
        .toList();
  }

  @Test
  void theCacheOfTheHubIsAsItsLibraryReadsIt() throws IOException {
    BakeReport report = bake(hub("")).bake();

    // git hash-object gives these ids for the two texts.
    Map<String, String> expected =
        Map.of(
            "blobs/9e26dfeeb6e641a33dae4961196235bdb965b21b",
            "{}",
            "blobs/61525a6a85e7b41a08fd74e4d8ddf4814bd2ce54",
            "pooling",
            "blobs/" + sha256("weights"),
            "weights",
            "refs/main",
            COMMIT,
            "snapshots/" + COMMIT + "/config.json",
            "-> ../../blobs/9e26dfeeb6e641a33dae4961196235bdb965b21b",
            "snapshots/" + COMMIT + "/1_Pooling/config.json",
            "-> ../../../blobs/61525a6a85e7b41a08fd74e4d8ddf4814bd2ce54",
            "snapshots/" + COMMIT + "/model.safetensors",
            "-> ../../blobs/" + sha256("weights"));
    assertEquals(new TreeMap<>(expected), tree("models/hf/hub/models--org--name"));
    String sums = Sums.of(report.receipt());
    assertTrue(
        sums.contains(
            sha256("{}")
                + "  /models/hf/hub/models--org--name/snapshots/"
                + COMMIT
                + "/config.json\n"),
        sums);
    assertEquals(List.of(), findings(bake(hub(""))));
  }

  @Test
  void aSecondBakeOfTheCacheFetchesNothing() throws IOException {
    bake(hub("")).bake();
    int asked = server.getRequestCount();

    Plan plan = bake(hub("")).plan();
    assertTrue(plan.files().stream().allMatch(file -> file.state() == State.PRESENT));
    bake(hub("")).offline().bake();
    assertEquals(asked, server.getRequestCount());
  }

  @Test
  void otherRevisionsInTheCacheStay() throws IOException {
    Path cache = root.resolve("models/hf/hub/models--org--name");
    Path old = cache.resolve("snapshots/" + "a".repeat(40));
    Files.createDirectories(old);
    Files.createDirectories(cache.resolve("blobs"));
    Files.createDirectories(cache.resolve("refs"));
    Files.writeString(cache.resolve("blobs/old"), "old");
    Files.writeString(cache.resolve("refs/v1"), "a".repeat(40));
    Files.writeString(cache.resolve("refs/main"), "a".repeat(40));
    Files.writeString(cache.resolve("blobs/" + sha256("weights")), "weights");
    Files.createSymbolicLink(old.resolve("config.json"), Path.of("../../blobs/old"));

    bake(hub("")).bake();

    Map<String, String> tree = tree("models/hf/hub/models--org--name");
    assertEquals("old", tree.get("blobs/old"));
    assertEquals("a".repeat(40), tree.get("refs/v1"));
    assertEquals(COMMIT, tree.get("refs/main"));
    assertEquals("-> ../../blobs/old", tree.get("snapshots/" + "a".repeat(40) + "/config.json"));
    assertEquals(List.of(), findings(bake(hub(""))));
  }

  @Test
  void whatIsWrongInTheCacheIsFound() throws IOException {
    bake(hub("")).bake();
    Path cache = root.resolve("models/hf/hub/models--org--name");
    Path pointer = cache.resolve("snapshots/" + COMMIT + "/model.safetensors");

    Files.writeString(cache.resolve("blobs/" + sha256("weights")), "weightz");
    assertEquals(List.of(FailureKind.INTEGRITY), findings(bake(hub(""))));
    Files.delete(cache.resolve("blobs/" + sha256("weights")));
    assertEquals(List.of(FailureKind.MISSING), findings(bake(hub(""))));
    Files.delete(pointer);
    assertEquals(List.of(FailureKind.MISSING), findings(bake(hub(""))));
    Files.createSymbolicLink(pointer, Path.of("../../refs/main"));
    assertEquals(List.of(FailureKind.INTEGRITY), findings(bake(hub(""))));
    Files.delete(pointer);
    Files.createSymbolicLink(
        pointer, Path.of("../../blobs/9e26dfeeb6e641a33dae4961196235bdb965b21b"));
    assertEquals(List.of(FailureKind.INTEGRITY), findings(bake(hub(""))));

    bake(hub("")).bake();
    assertEquals(List.of(), findings(bake(hub(""))));
    Files.delete(pointer);
    Files.writeString(pointer, "weights");
    BakeException conflict = assertThrows(BakeException.class, () -> bake(hub("")).bake());
    assertEquals(FailureKind.CANNOT_CREATE, conflict.kind());
  }

  @Test
  void aReceiptProvesLinksToo() throws IOException {
    BakeReport report = bake(hub("")).bake();
    assertEquals(
        List.of(), ModelBake.verify(report.receipt(), root, VerifyOptions.DEFAULT).findings());
    Path pointer =
        root.resolve("models/hf/hub/models--org--name/snapshots/" + COMMIT + "/config.json");
    Files.delete(pointer);
    Files.writeString(pointer, "{}");
    assertEquals(
        1, ModelBake.verify(report.receipt(), root, VerifyOptions.DEFAULT).findings().size());
  }

  @Test
  void plainFilesOfTheHubLieInTheirDirectory() throws IOException {
    bake(hub("    layout: flat\n    dir: /models/docling/org--name")).bake();
    assertEquals(
        Map.of(
            "config.json",
            "{}",
            "1_Pooling/config.json",
            "pooling",
            "model.safetensors",
            "weights"),
        tree("models/docling/org--name"));
  }

  private String faces() {
    served.put("/a", "face");
    return """
        schema: modelbake/1
        models:
          - name: faces
            dir: /models/one
            dirs: [user_network, deep/er]
            dir-mode: "0750"
            files:
              - url: %s/a
                sha256: %s
                size: 4
                also: [copy/b, {dir: /models/two, path: c}]
        """
        .formatted(origin(), sha256("face"));
  }

  @Test
  void theSameBytesAreFetchedOnceAndShareAnInode() throws IOException {
    bake(faces()).bake();

    assertEquals(1, server.getRequestCount());
    Object inode = Files.getAttribute(root.resolve("models/one/a"), "unix:ino");
    for (String other : List.of("models/one/copy/b", "models/two/c")) {
      assertEquals("face", Files.readString(root.resolve(other)));
      assertEquals(inode, Files.getAttribute(root.resolve(other), "unix:ino"), other);
    }
    assertEquals(List.of(), findings(bake(faces())));
  }

  @Test
  void aMissingPlaceIsFilledFromAnother() throws IOException {
    bake(faces()).bake();
    Files.delete(root.resolve("models/two/c"));
    assertEquals(List.of(FailureKind.MISSING), findings(bake(faces())));

    bake(faces()).offline().bake();
    assertEquals("face", Files.readString(root.resolve("models/two/c")));
    assertEquals(1, server.getRequestCount());
  }

  @Test
  void directoriesAreMadeEvenWhenNothingIsInThem() throws IOException {
    bake(faces()).bake();
    for (String name : List.of("models/one/user_network", "models/one/deep/er")) {
      Path directory = root.resolve(name);
      assertTrue(Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS), name);
      assertEquals(
          PosixFilePermissions.fromString("rwxr-x---"), Files.getPosixFilePermissions(directory));
    }
    Path directory = root.resolve("models/one/user_network");
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx------"));
    assertEquals(List.of(FailureKind.INTEGRITY), findings(bake(faces())));
    bake(faces()).bake();
    assertEquals(List.of(), findings(bake(faces())));
    Files.delete(directory);
    assertEquals(List.of(FailureKind.MISSING), findings(bake(faces())));
  }

  private String parts(String second) {
    served.put("/data.1", "one-");
    served.put("/data.2", second);
    return """
        schema: modelbake/1
        models:
          - name: sam
            dir: /models
            files:
              - path: data.bin
                sha256: %s
                size: 7
                parts:
                  - {url: "%s/data.1", sha256: %s, size: 4}
                  - {url: "%s/data.2", sha256: %s, size: 3}
        """
        .formatted(sha256("one-two"), origin(), sha256("one-"), origin(), sha256("two"));
  }

  @Test
  void partsBecomeOneFile() throws IOException {
    bake(parts("two")).bake();
    assertEquals(Map.of("data.bin", "one-two"), tree("models"));
    assertEquals(List.of(), findings(bake(parts("two"))));
    int asked = server.getRequestCount();
    bake(parts("two")).bake();
    assertEquals(asked, server.getRequestCount());
  }

  @Test
  void aWrongPartIsNamed() throws IOException {
    BakeFailedException e =
        assertThrows(BakeFailedException.class, () -> bake(parts("tvo")).bake());
    assertEquals(FailureKind.INTEGRITY, e.kind());
    String cause = e.failures().get(0).toString();
    assertTrue(cause.contains("part 2 of 2"), cause);
    assertTrue(Files.notExists(root.resolve("models")));
  }

  @Test
  void sharedAccessIsForGroupZero() throws IOException {
    served.put("/a", "face");
    bake("""
            schema: modelbake/1
            access: shared
            models:
              - {name: m, dir: /models/m, files: [{url: "%s/a", sha256: %s, size: 4}]}
            """
            .formatted(origin(), sha256("face")))
        .bake();
    assertEquals(0664, (int) Files.getAttribute(root.resolve("models/m/a"), "unix:mode") & 07777);
    assertEquals(02775, (int) Files.getAttribute(root.resolve("models/m"), "unix:mode") & 07777);
    assertEquals(0, Files.getAttribute(root.resolve("models/m"), "unix:gid"));
  }
}
