package dev.modelbake.bake;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.modelbake.digest.GitBlobId;
import dev.modelbake.model.BakeEvent;
import dev.modelbake.model.BakeReport;
import dev.modelbake.model.CannotCreateException;
import dev.modelbake.model.Digest;
import dev.modelbake.model.FailureKind;
import dev.modelbake.model.Finding;
import dev.modelbake.model.ManifestException;
import dev.modelbake.model.Receipt;
import dev.modelbake.report.Sums;
import dev.modelbake.testing.DiskPicture;
import dev.modelbake.verify.VerifyOptions;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The cache of huggingface_hub, as its own code reads it. */
class HubCacheTest {
  private static final String COMMIT = "1234567890abcdef1234567890abcdef12345678";
  private static final String OLDER = "abcdef1234567890abcdef1234567890abcdef12";
  private static final String REPOSITORY = "models--org--name";
  private static final String CONFIG = "{\"hidden_size\": 384}\n";
  private static final String WEIGHTS = "safe tensors";

  @TempDir Path folder;
  private Path root = Path.of("");
  private Path manifest = Path.of("");
  private ModelOrigin origin;

  @BeforeEach
  void serve() throws IOException {
    origin = new ModelOrigin();
    root = Files.createDirectory(folder.resolve("root"));
    manifest = folder.resolve("models.yaml");
    publish("config.json", CONFIG);
    publish("model.safetensors", WEIGHTS);
    publish("1_Pooling/config.json", "{}");
    publish("onnx/model.onnx", WEIGHTS);
    write("");
  }

  @AfterEach
  void stop() {
    origin.close();
  }

  private void publish(String path, String text) {
    origin.serve("/org/name/resolve/" + COMMIT + "/" + path, text.getBytes(StandardCharsets.UTF_8));
  }

  private void write(String more) throws IOException {
    Files.writeString(
        manifest,
        """
        schema: modelbake/1
        env: {HF_HOME: /opt/hf}
        models:
          - name: org/name
            huggingface: {repo: org/name, revision: %s, ref: main}
            files:
              - %s
              - %s
              - %s
              - %s
        %s"""
            .formatted(
                COMMIT,
                entry("config.json", CONFIG, ""),
                entry("model.safetensors", WEIGHTS, ", lfs: true"),
                entry("1_Pooling/config.json", "{}", ""),
                entry("onnx/model.onnx", WEIGHTS, ", lfs: true"),
                more));
  }

  private static String entry(String path, String text, String more) {
    return "{path: %s, sha256: %s, size: %d%s}".formatted(path, sha256(text), text.length(), more);
  }

  private static String sha256(String text) {
    return Digest.ofBytes(text.getBytes(StandardCharsets.UTF_8)).hex();
  }

  private static String gitId(String text) {
    GitBlobId id = GitBlobId.ofSize(text.length());
    id.update(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
    return id.hex();
  }

  private ModelBake tool() {
    return ModelBake.manifest(manifest)
        .owner("self")
        .root(root)
        .environment(Map.of("HF_ENDPOINT", origin.url()));
  }

  private List<Finding> verify() {
    return tool().verify(VerifyOptions.DEFAULT).findings();
  }

  private Path cache() {
    return root.resolve("opt/hf/hub").resolve(REPOSITORY);
  }

  private Path pointer(String path) {
    return cache().resolve("snapshots").resolve(COMMIT).resolve(path);
  }

  @Test
  void theTreeIsTheOneThatTheLibraryReads() throws IOException {
    tool().bake();
    assertEquals(
        String.join(
            "\n",
            "blobs",
            "blobs/" + gitId(CONFIG),
            "blobs/" + gitId("{}"),
            "blobs/" + sha256(WEIGHTS),
            "refs",
            "refs/main",
            "snapshots",
            "snapshots/" + COMMIT,
            "snapshots/" + COMMIT + "/1_Pooling",
            "snapshots/" + COMMIT + "/1_Pooling/config.json",
            "snapshots/" + COMMIT + "/config.json",
            "snapshots/" + COMMIT + "/model.safetensors",
            "snapshots/" + COMMIT + "/onnx",
            "snapshots/" + COMMIT + "/onnx/model.onnx"),
        sorted(DiskPicture.names(cache())));
    assertEquals(COMMIT, Files.readString(cache().resolve("refs/main")));
    assertEquals(
        "../../blobs/" + sha256(WEIGHTS),
        Files.readSymbolicLink(pointer("model.safetensors")).toString());
    assertEquals(
        "../../../blobs/" + gitId("{}"),
        Files.readSymbolicLink(pointer("1_Pooling/config.json")).toString());
    assertEquals(CONFIG, Files.readString(pointer("config.json")));
    assertEquals(WEIGHTS, Files.readString(pointer("onnx/model.onnx")));
    assertEquals(List.of(), verify());
  }

  private static String sorted(String lines) {
    return String.join("\n", lines.lines().sorted().toList());
  }

  @Test
  void aSecondBakeAsksForNothingAndChangesNothing() throws IOException {
    BakeReport first = tool().bake();
    assertEquals(4, origin.takeAsked().size() + 1, "the weights are the same file twice");
    String before = DiskPicture.of(root);
    BakeReport second = tool().bake();
    assertEquals(List.of(), origin.takeAsked());
    assertEquals(before, DiskPicture.of(root));
    assertEquals(first.receipt(), second.receipt());
    assertTrue(
        second.files().stream().allMatch(file -> file.outcome() == BakeReport.Outcome.KEPT),
        second.files().toString());
  }

  @Test
  void theReceiptNamesBlobsAndLinksAndProvesThem() throws IOException {
    Receipt receipt = tool().bake().receipt();
    assertEquals(
        List.of("blobs", "blobs", "blobs", "refs"),
        receipt.entries().stream()
            .map(entry -> Path.of(entry.path()).getParent())
            .map(parent -> Optional.ofNullable(parent).orElseThrow().getFileName().toString())
            .toList());
    assertEquals(4, receipt.links().size());
    assertEquals(List.of(), ModelBake.verify(receipt, root, VerifyOptions.DEFAULT).findings());
    assertEquals(
        List.of("/1_Pooling/config.json", "/config.json", "/model.safetensors", "/onnx/model.onnx"),
        Sums.of(receipt)
            .lines()
            .filter(line -> line.contains(COMMIT))
            .map(line -> line.substring(line.indexOf(COMMIT) + COMMIT.length()))
            .toList());
    assertEquals(5, Sums.of(receipt).lines().count(), "four pointers and the reference");
    assertEquals(Sums.of(receipt), Sums.of(tool().verify(VerifyOptions.DEFAULT).receipt()));
    assertEquals(
        Sums.of(receipt),
        Sums.of(ModelBake.verify(receipt, root, VerifyOptions.DEFAULT).receipt()));

    Files.delete(pointer("config.json"));
    Files.createSymbolicLink(pointer("config.json"), Path.of("../../blobs/" + gitId("{}")));
    Finding finding = one(ModelBake.verify(receipt, root, VerifyOptions.DEFAULT).findings());
    assertEquals(FailureKind.INTEGRITY, finding.kind());
    assertTrue(finding.path().endsWith("/" + COMMIT + "/config.json"), finding.path());
  }

  private static Finding one(List<Finding> findings) {
    assertEquals(1, findings.size(), findings.toString());
    return findings.get(0);
  }

  @Test
  void aMissingPointerIsMissingAndIsMadeAgainWithoutTheNetwork() throws IOException {
    tool().bake();
    origin.takeAsked();
    Files.delete(pointer("model.safetensors"));
    assertEquals(FailureKind.MISSING, one(verify()).kind());
    tool().offline().bake();
    assertEquals(WEIGHTS, Files.readString(pointer("model.safetensors")));
    assertEquals(List.of(), verify());
    assertEquals(List.of(), origin.takeAsked());
  }

  @Test
  void aFlippedByteIsFoundAndReplaced() throws IOException {
    tool().bake();
    Path blob = cache().resolve("blobs").resolve(gitId(CONFIG));
    Files.writeString(blob, CONFIG.replace('3', '4'));
    Finding finding = one(verify());
    assertEquals(FailureKind.INTEGRITY, finding.kind());
    assertTrue(finding.path().endsWith("blobs/" + gitId(CONFIG)), finding.path());
    tool().bake();
    assertEquals(CONFIG, Files.readString(pointer("config.json")));
    assertEquals(List.of(), verify());
  }

  @Test
  void aPointerToAnotherBlobIsWrongAndIsReplaced() throws IOException {
    tool().bake();
    for (String text :
        List.of(
            "../../blobs/" + gitId("{}"),
            "../../blobs/" + sha256(CONFIG),
            cache().resolve("blobs").resolve(gitId(CONFIG)).toString(),
            "nowhere")) {
      Files.delete(pointer("config.json"));
      Files.createSymbolicLink(pointer("config.json"), Path.of(text));
      assertEquals(FailureKind.INTEGRITY, worst(verify()), text);
      tool().bake();
      assertEquals(
          "../../blobs/" + gitId(CONFIG),
          Files.readSymbolicLink(pointer("config.json")).toString());
    }
  }

  private static FailureKind worst(List<Finding> findings) {
    return VerifyOptions.DEFAULT.outcome(findings).orElseThrow();
  }

  @Test
  void aBlobThatIsNotNamedByGitsIdIsWrong() throws IOException {
    tool().bake();
    String other = "0".repeat(40);
    Files.copy(pointer("config.json"), cache().resolve("blobs").resolve(other));
    Files.delete(pointer("config.json"));
    Files.createSymbolicLink(pointer("config.json"), Path.of("../../blobs/" + other));
    assertTrue(one(verify()).what().contains(gitId(CONFIG)), one(verify()).what());
  }

  @Test
  void aFileInThePlaceOfAPointerIsATypeConflict() throws IOException {
    tool().bake();
    Files.delete(pointer("config.json"));
    Files.writeString(pointer("config.json"), CONFIG);
    String before = DiskPicture.of(root);
    CannotCreateException e = assertThrows(CannotCreateException.class, () -> tool().bake());
    assertTrue(e.explanation().happened().contains("link to a blob"), e.getMessage());
    assertEquals(before, DiskPicture.of(root));
    assertEquals(FailureKind.INTEGRITY, one(verify()).kind());
  }

  @Test
  void otherRevisionsBlobsAndReferencesStay() throws IOException {
    Path old = Files.createDirectories(cache().resolve("snapshots").resolve(OLDER));
    Files.createDirectories(cache().resolve("blobs"));
    Files.createDirectories(cache().resolve("refs"));
    Files.writeString(cache().resolve("blobs").resolve(gitId("old")), "old");
    Files.writeString(cache().resolve("blobs").resolve(sha256(WEIGHTS)), WEIGHTS);
    Files.createSymbolicLink(old.resolve("config.json"), Path.of("../../blobs/" + gitId("old")));
    Files.writeString(cache().resolve("refs/main"), OLDER);
    Files.writeString(cache().resolve("refs/v1"), OLDER);

    tool().bake();

    assertEquals("old", Files.readString(old.resolve("config.json")));
    assertEquals(OLDER, Files.readString(cache().resolve("refs/v1")));
    assertEquals(COMMIT, Files.readString(cache().resolve("refs/main")));
    assertEquals(WEIGHTS, Files.readString(pointer("model.safetensors")));
    assertEquals(List.of(), verify());
    assertTrue(
        origin.takeAsked().stream().noneMatch(path -> path.endsWith("model.safetensors")),
        "the blob was there");
  }

  @Test
  void blobsArePlacedBeforePointersAndPointersBeforeTheReference() throws IOException {
    Files.createDirectories(pointer("onnx"));
    Files.createDirectories(pointer("1_Pooling"));
    Files.createDirectories(cache().resolve("blobs"));
    Files.createDirectories(cache().resolve("refs"));
    Files.writeString(cache().resolve("refs/main"), OLDER);
    Files.createSymbolicLink(pointer("config.json"), Path.of("nowhere"));
    List<String> replaced = new ArrayList<>();
    tool()
        .listener(
            event -> {
              if (event instanceof BakeEvent.Notice notice
                  && notice.text().startsWith("replaced")) {
                boolean reference = notice.text().contains("refs/main");
                replaced.add(reference ? "reference" : "pointer");
                assertTrue(Files.exists(cache().resolve("blobs").resolve(sha256(WEIGHTS))));
                assertTrue(Files.exists(cache().resolve("blobs").resolve(gitId("{}"))));
                assertEquals(reference, Files.exists(pointer("onnx/model.onnx")));
              }
            })
        .bake();
    assertEquals(List.of("pointer", "reference"), replaced);
  }

  @Test
  void aBlobThatIsRightGetsItsModeMended() throws IOException {
    tool().bake();
    Path blob = cache().resolve("blobs").resolve(gitId(CONFIG));
    Files.setAttribute(blob, "unix:mode", 0600);
    assertEquals(FailureKind.INTEGRITY, one(verify()).kind());
    tool().offline().bake();
    assertEquals(0100644, Files.getAttribute(blob, "unix:mode"));
    assertEquals(List.of(), verify());
  }

  @Test
  void oneBlobCannotHaveTwoModes() throws IOException {
    Files.writeString(
        manifest,
        Files.readString(manifest).replace("onnx/model.onnx,", "onnx/model.onnx, mode: \"0600\","));
    ManifestException e = assertThrows(ManifestException.class, () -> tool().plan());
    assertTrue(e.getMessage().contains("one blob"), e.getMessage());
  }

  @Test
  void aFlatRepositoryIsPlainFiles() throws IOException {
    write(
        """
          - name: docling
            huggingface: {repo: org/name, revision: %s}
            layout: flat
            dir: /opt/docling/org--name
            files:
              - %s
        """
            .formatted(COMMIT, entry("1_Pooling/config.json", "{}", "")));
    tool().bake();
    assertEquals(
        "1_Pooling\n1_Pooling/config.json",
        DiskPicture.names(root.resolve("opt/docling/org--name")));
  }
}
