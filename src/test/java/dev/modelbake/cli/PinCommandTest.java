package dev.modelbake.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.modelbake.model.Digest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import okio.Buffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PinCommandTest {
  private static final String COMMIT = "1110a243fdf4706b3f48f1d95db1a4f5529b4d41";
  private static final String NEWER = "2220a243fdf4706b3f48f1d95db1a4f5529b4d41";

  @TempDir Path work;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private final MockWebServer server = new MockWebServer();
  private final Map<String, byte[]> served = new TreeMap<>();
  private Path temp;
  private Path manifest;

  @BeforeEach
  void serve() throws IOException {
    temp = Files.createDirectory(work.resolve("temp"));
    manifest = work.resolve("models.yaml");
    server.setDispatcher(
        new Dispatcher() {
          @Override
          public MockResponse dispatch(RecordedRequest request) {
            byte[] body = served.get(request.getUrl().encodedPath());
            return body == null
                ? new MockResponse.Builder().code(404).build()
                : new MockResponse.Builder().body(new Buffer().write(body)).build();
          }
        });
    server.start();
  }

  @AfterEach
  void stop() throws IOException {
    server.close();
    try (Stream<Path> left = Files.list(temp)) {
      assertEquals(0, left.count(), "downloads are removed");
    }
  }

  private String origin() {
    return "http://127.0.0.1:" + server.getPort();
  }

  private int pin(String... args) {
    out.reset();
    err.reset();
    Session session =
        new Session(
            Map.of("HF_ENDPOINT", origin(), "HOME", work.toString()),
            new Output("standard output", out, StandardCharsets.UTF_8),
            new Output("standard error", err, StandardCharsets.UTF_8));
    String[] all =
        Stream.concat(
                Stream.of("pin", "--temp", temp.toString(), "--progress", "none"), Stream.of(args))
            .toArray(String[]::new);
    return CommandTree.run(session, all);
  }

  private String err() {
    return err.toString(StandardCharsets.UTF_8);
  }

  private static String sha256(byte[] bytes) {
    return Digest.ofBytes(bytes).hex();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private void write(String text) throws IOException {
    Files.writeString(manifest, text.replace("ORIGIN", origin()));
  }

  private String read() throws IOException {
    return Files.readString(manifest).replace(origin(), "ORIGIN");
  }

  @Test
  void onlyThePinsAreAdded() throws IOException {
    served.put("/a.onnx", bytes("weights"));
    served.put("/b.onnx", bytes("others"));
    String before =
        """
        # our models, reviewed by Ada
        schema: modelbake/1
        models:
          - name: a    # the detector
            dir: /opt/a
            files:
              # from upstream
              - url: ORIGIN/a.onnx   # http, see below
                mode: "0600"

              - {url: ORIGIN/b.onnx}
        # the end
        """;
    write(before);
    Files.setPosixFilePermissions(manifest, PosixFilePermissions.fromString("rw-r-----"));

    assertEquals(0, pin(manifest.toString()), err());

    String after =
        before
            .replace(
                "see below\n",
                "see below\n        sha256: %s  # downloaded\n        size: 7\n"
                    .formatted(sha256(bytes("weights"))))
            .replace(
                "b.onnx}",
                "b.onnx, sha256: %s, size: 6}  # downloaded".formatted(sha256(bytes("others"))));
    assertEquals(after, read());
    assertEquals(
        "rw-r-----", PosixFilePermissions.toString(Files.getPosixFilePermissions(manifest)));
    assertEquals(0, pin(manifest.toString()), err());
    assertTrue(err().contains("nothing was missing"), err());
    assertEquals(after, read());
  }

  @Test
  void whatComesOutOfArchivesIsPinnedToo() throws IOException {
    ByteArrayOutputStream gz = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(gz)) {
      gzip.write(bytes("plain"));
    }
    ByteArrayOutputStream zip = new ByteArrayOutputStream();
    try (ZipOutputStream archive = new ZipOutputStream(zip)) {
      archive.putNextEntry(new ZipEntry("m/x.txt"));
      archive.write(bytes("x"));
    }
    served.put("/a.bin.gz", gz.toByteArray());
    served.put("/z.zip", zip.toByteArray());
    write(
        """
        schema: modelbake/1
        models:
          - name: a
            dir: /opt/a
            files:
              - url: ORIGIN/a.bin.gz
                unpack: gz
              - {url: ORIGIN/z.zip, unpack: zip, path: z}
        """);

    assertEquals(0, pin(manifest.toString()), err());

    String text = read();
    assertTrue(
        text.contains("unpacked: {sha256: %s, size: 5}".formatted(sha256(bytes("plain")))), text);
    assertTrue(
        text.contains(
            "members: [{path: m/x.txt, sha256: %s, size: 1}]".formatted(sha256(bytes("x")))),
        text);
  }

  @Test
  void twoSourcesThatAgreeAreSaidToAndTwoThatDoNotStopIt() throws IOException {
    served.put("/a", bytes("same"));
    served.put("/b", bytes("same"));
    String before =
        """
        schema: modelbake/1
        models:
          - name: a
            dir: /opt/a
            files:
              - url: ORIGIN/a
                mirrors: [ORIGIN/b]
        """;
    write(before);
    assertEquals(0, pin(manifest.toString()), err());
    assertTrue(read().contains("  # two sources agree\n"), read());

    write(
        before.replace(
            "      mirrors: [ORIGIN/b]", "      sha256: " + Digest.ofBytes(bytes("same")).hex()));
    assertEquals(0, pin(manifest.toString()), err());
    assertTrue(read().contains("  # downloaded, as the sha256 here\n"), read());

    served.put("/b", bytes("lies"));
    write(before);
    assertEquals(65, pin(manifest.toString()), err());
    assertEquals(before, read());
  }

  @Test
  void aPublishedDigestThatIsNotThatOfTheBytesStopsIt() throws IOException {
    served.put("/a", bytes("bytes"));
    String before =
        """
        schema: modelbake/1
        models:
          - name: a
            dir: /opt/a
            files:
              - {url: ORIGIN/a, digests: {md5: "00000000000000000000000000000000"}}
        """;
    write(before);
    assertEquals(65, pin(manifest.toString()), err());
    assertTrue(err().contains("md5"), err());
    assertEquals(before, read());
  }

  @Test
  void anErrorPageIsNeverPinned() throws IOException {
    served.put("/a.onnx", bytes("<!DOCTYPE html><title>Log in</title>"));
    String before =
        """
        schema: modelbake/1
        models:
          - {name: a, dir: /opt/a, files: [{url: "ORIGIN/a.onnx"}]}
        """;
    write(before);
    assertEquals(65, pin(manifest.toString()), err());
    assertTrue(err().contains("Log in"), err());
    assertEquals(before, read());
  }

  private void hub(String commit, String weights) {
    String lfs =
        """
        {"sha": "%s", "siblings": [
          {"rfilename": ".gitattributes", "size": 1, "blobId": "%s"},
          {"rfilename": "config.json", "size": 2,
           "blobId": "9e26dfeeb6e641a33dae4961196235bdb965b21b"},
          {"rfilename": "model.safetensors", "size": %d, "blobId": "%s",
           "lfs": {"sha256": "%s", "size": %d, "pointerSize": 130}}]}
        """
            .formatted(
                commit,
                "0".repeat(40),
                weights.length(),
                "1".repeat(40),
                sha256(bytes(weights)),
                weights.length());
    served.put("/api/models/org/name/revision/main", bytes(lfs));
    served.put("/api/models/org/name/revision/" + commit, bytes(lfs));
    served.put("/org/name/resolve/" + commit + "/config.json", bytes("{}"));
  }

  @Test
  void aRepositoryOfTheHubBecomesAnEntry() throws IOException {
    hub(COMMIT, "weights");
    assertEquals(0, pin("hf:org/name"), err());
    assertEquals(
        """
        schema: modelbake/1
        models:
          - name: org/name
            huggingface: {repo: org/name, revision: %s, ref: main}
            files:  # metadata
              - {path: config.json, sha256: %s, size: 2}  # downloaded
              - {path: model.safetensors, sha256: %s, size: 7, lfs: true}
        """
            .formatted(COMMIT, sha256(bytes("{}")), sha256(bytes("weights"))),
        out.toString(StandardCharsets.UTF_8));
    Path file = work.resolve("new.yaml");
    assertEquals(0, pin("hf:org/name@main", "--include", "*.safetensors", "-o", file.toString()));
    assertFalse(Files.readString(file).contains("config.json"));
    assertEquals(64, pin("hf:org/name", "-o", file.toString()));
  }

  @Test
  void whatUpstreamChangedIsToldAndTakenOnlyWhenAsked() throws IOException {
    hub(COMMIT, "weights");
    assertEquals(0, pin("hf:org/name", "-o", manifest.toString()), err());
    assertEquals(0, pin("--check", manifest.toString()), err());
    assertTrue(err().contains("upstream is as pinned"), err());
    String before = read();

    hub(NEWER, "heavier");
    assertEquals(0, pin("--check", manifest.toString()), err());
    assertTrue(err().contains("newer: org/name: main is at " + NEWER), err());
    assertEquals(0, pin(manifest.toString()), err());
    assertEquals(before, read());

    assertEquals(0, pin("--repin", "org/*", manifest.toString()), err());
    assertEquals(
        before.replace(COMMIT, NEWER).replace(sha256(bytes("weights")), sha256(bytes("heavier"))),
        read());
  }

  @Test
  void otherBytesAtAPinnedUrlAreAnIntegrityFailure() throws IOException {
    served.put("/a", bytes("one"));
    write(
        """
        schema: modelbake/1
        models:
          - {name: a, dir: /opt/a, files: [{url: "ORIGIN/a"}]}
        """);
    assertEquals(0, pin(manifest.toString()), err());
    served.put("/a", bytes("two"));
    assertEquals(65, pin("--check", manifest.toString()), err());
    served.remove("/a");
    assertEquals(69, pin("--check", manifest.toString()), err());
  }

  @Test
  void aUrlBecomesAnEntry() {
    served.put("/files/u2net.v1.onnx", bytes("net"));
    assertEquals(0, pin(origin() + "/files/u2net.v1.onnx"), err());
    assertEquals(
        """
        schema: modelbake/1
        models:
          - name: u2net
            dir: /opt/models
            files:
              - url: "%s/files/u2net.v1.onnx"
                sha256: %s  # downloaded
                size: 3
        """
            .formatted(origin(), sha256(bytes("net"))),
        out.toString(StandardCharsets.UTF_8));
  }

  @Test
  void partsAndTheirWholeArePinned() throws IOException {
    served.put("/1", bytes("one-"));
    served.put("/2", bytes("two"));
    write(
        """
        schema: modelbake/1
        models:
          - name: a
            dir: /opt/a
            files:
              - path: a.bin
                parts:
                  - {url: "ORIGIN/1"}
                  - {url: "ORIGIN/2"}
        """);
    assertEquals(0, pin(manifest.toString()), err());
    assertEquals(
        """
        schema: modelbake/1
        models:
          - name: a
            dir: /opt/a
            files:
              - path: a.bin
                sha256: %s  # downloaded
                size: 7
                parts:
                  - {url: "ORIGIN/1", sha256: %s, size: 4}  # downloaded
                  - {url: "ORIGIN/2", sha256: %s, size: 3}  # downloaded
        """
            .formatted(sha256(bytes("one-two")), sha256(bytes("one-")), sha256(bytes("two"))),
        read());
  }

  @Test
  void aManifestThatCannotBeWrittenStays() throws IOException {
    served.put("/a", bytes("one"));
    // What is written beside it has a longer name, which no file may have.
    manifest = work.resolve("a".repeat(250) + ".yaml");
    write("schema: modelbake/1\nmodels: [{name: a, dir: /o, files: [{url: \"ORIGIN/a\"}]}]\n");
    String before = read();
    assertEquals(73, pin(manifest.toString()), err());
    assertEquals(before, read());
  }

  @Test
  void aPathTheRepositoryDoesNotHaveIsToldWithItsNearest() throws IOException {
    hub(COMMIT, "weights");
    write(
        """
        schema: modelbake/1
        models:
          - name: a
            huggingface: {repo: org/name, revision: main}
            files: [{path: config.jsn}]
        """);
    assertEquals(78, pin(manifest.toString()), err());
    assertTrue(err().contains("did you mean config.json?"), err());
  }
}
