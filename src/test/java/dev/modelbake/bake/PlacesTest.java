package dev.modelbake.bake;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.modelbake.model.BakeEvent;
import dev.modelbake.model.BakeFailedException;
import dev.modelbake.model.BakeReport;
import dev.modelbake.model.CannotCreateException;
import dev.modelbake.model.Digest;
import dev.modelbake.model.DigestMismatchException;
import dev.modelbake.model.FailureKind;
import dev.modelbake.model.Finding;
import dev.modelbake.model.Owner;
import dev.modelbake.model.Plan;
import dev.modelbake.model.PlannedDirectory;
import dev.modelbake.model.PlannedFile.State;
import dev.modelbake.publish.Stat;
import dev.modelbake.testing.DiskPicture;
import dev.modelbake.verify.VerifyOptions;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The same bytes at several places, files in parts, directories, shared access. */
class PlacesTest {
  private static final byte[] MODEL = bytes("the bytes of a model");

  @TempDir Path folder;
  private final List<BakeEvent> events = new ArrayList<>();
  private Path root = Path.of("");
  private Path manifest = Path.of("");
  private ModelOrigin origin;

  @BeforeEach
  void serve() throws IOException {
    origin = new ModelOrigin();
    root = Files.createDirectory(folder.resolve("root"));
    manifest = folder.resolve("models.yaml");
  }

  @AfterEach
  void stop() {
    origin.close();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** The keys of a source: url, sha256, size. */
  private String source(String path, byte[] content) {
    return "url: %s, sha256: %s, size: %d"
        .formatted(origin.serve(path, content), Digest.ofBytes(content).hex(), content.length);
  }

  private void model(String... lines) throws IOException {
    Files.writeString(
        manifest,
        "schema: modelbake/1\nmodels:\n  - name: m\n    dir: /opt/m\n    "
            + String.join("\n    ", lines)
            + "\n");
  }

  private ModelBake tool() {
    return ModelBake.manifest(manifest)
        .owner("self")
        .root(root)
        .environment(Map.of())
        .listener(
            event -> {
              synchronized (events) {
                events.add(event);
              }
            });
  }

  private List<Finding> verify() {
    return tool().verify(VerifyOptions.DEFAULT).findings();
  }

  private static Finding one(List<Finding> findings) {
    assertEquals(1, findings.size(), findings.toString());
    return findings.get(0);
  }

  private Object inode(String path) throws IOException {
    return Files.getAttribute(root.resolve(path), "unix:ino");
  }

  @Test
  void furtherPlacesAreNamesOfOneFileThatIsFetchedOnce() throws IOException {
    model("files:", "  - {%s, also: [b, {dir: /srv, path: c}]}".formatted(source("/a", MODEL)));
    BakeReport report = tool().bake();
    assertEquals(List.of("/a"), origin.takeAsked());
    assertEquals(inode("opt/m/a"), inode("opt/m/b"));
    assertEquals(inode("opt/m/a"), inode("srv/c"));
    assertEquals(3, Files.getAttribute(root.resolve("opt/m/a"), "unix:nlink"));
    assertEquals(
        List.of("/opt/m/a", "/opt/m/b", "/srv/c"),
        report.receipt().entries().stream().map(entry -> entry.path()).toList());
    assertTrue(
        report.files().stream().allMatch(file -> file.outcome() == BakeReport.Outcome.FETCHED),
        report.files().toString());
    assertEquals(List.of(), verify());
    assertFalse(Files.exists(root.resolve(".modelbake")));
  }

  @Test
  void placesWithAnotherModeAreCopies() throws IOException {
    model(
        "files:",
        "  - {%s}".formatted(source("/a", MODEL)),
        "  - {%s, path: b, mode: \"0600\"}".formatted(source("/a", MODEL)));
    tool().bake();
    assertEquals(List.of("/a"), origin.takeAsked());
    assertFalse(inode("opt/m/a").equals(inode("opt/m/b")));
    assertEquals(0100600, Files.getAttribute(root.resolve("opt/m/b"), "unix:mode"));
    assertEquals(0100644, Files.getAttribute(root.resolve("opt/m/a"), "unix:mode"));
    assertEquals(List.of(), verify());
  }

  @Test
  void aPlaceThatGetsAnotherModeLaterIsSeparated() throws IOException {
    String two = "  - {%s, path: b%s}";
    String one = "  - {%s}".formatted(source("/a", MODEL));
    model("files:", one, two.formatted(source("/a", MODEL), ""));
    tool().bake();
    assertEquals(inode("opt/m/a"), inode("opt/m/b"));
    model("files:", one, two.formatted(source("/a", MODEL), ", mode: \"0600\""));
    tool().offline().bake();
    assertEquals(0100644, Files.getAttribute(root.resolve("opt/m/a"), "unix:mode"));
    assertEquals(0100600, Files.getAttribute(root.resolve("opt/m/b"), "unix:mode"));
    assertEquals("the bytes of a model", Files.readString(root.resolve("opt/m/b")));
    assertEquals(List.of(), verify());
    assertFalse(Files.exists(root.resolve("opt/m/.modelbake")));
  }

  @Test
  void aPlaceThatIsMissingTakesTheBytesOfOneThatIsThere() throws IOException {
    model("files:", "  - {%s}".formatted(source("/a", MODEL)));
    tool().bake();
    origin.takeAsked();
    model("files:", "  - {%s, also: [sub/b]}".formatted(source("/a", MODEL)));
    BakeReport report = tool().offline().bake();
    assertEquals(List.of(), origin.takeAsked());
    assertEquals("the bytes of a model", Files.readString(root.resolve("opt/m/sub/b")));
    assertEquals(
        List.of(BakeReport.Outcome.KEPT, BakeReport.Outcome.FETCHED),
        report.files().stream().map(BakeReport.FileReport::outcome).toList());
    assertEquals(List.of(), verify());
  }

  @Test
  void aStreamIsUnpackedOnceForAllPlaces() throws IOException {
    byte[] packed = gzip(MODEL);
    model(
        "files:",
        "  - {%s, unpack: gz, unpacked: {sha256: %s, size: %d}, path: a, also: [b]}"
            .formatted(source("/a.gz", packed), Digest.ofBytes(MODEL).hex(), MODEL.length));
    tool().bake();
    assertEquals(List.of("/a.gz"), origin.takeAsked());
    assertEquals(1, events.stream().filter(e -> e instanceof BakeEvent.Unpacked).count());
    assertEquals(inode("opt/m/a"), inode("opt/m/b"));
    Files.delete(root.resolve("opt/m/a"));
    tool().offline().bake();
    assertEquals(List.of(), verify());
  }

  private static byte[] gzip(byte[] bytes) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(bytes);
    }
    return out.toByteArray();
  }

  @Test
  void spaceForFurtherPlacesIsCountedOnce() throws IOException {
    model("files:", "  - {%s, also: [b, c]}".formatted(source("/a", MODEL)));
    assertEquals(MODEL.length, needed());
    model(
        "files:",
        "  - {path: whole, sha256: %s, size: %d, parts: [{%s}, {%s}]}"
            .formatted(
                Digest.ofBytes(MODEL).hex(),
                MODEL.length,
                source("/1", bytes("the bytes ")),
                source("/2", bytes("of a model"))));
    assertEquals(2L * MODEL.length, needed());
  }

  private long needed() {
    return tool().plan().disks().stream().mapToLong(Plan.DiskNeed::needed).sum();
  }

  private void inParts(String second, String more) throws IOException {
    model(
        "files:",
        "  - {path: whole, sha256: %s, size: %d%s, parts: [{%s}, {%s}]}"
            .formatted(
                Digest.ofBytes(MODEL).hex(),
                MODEL.length,
                more,
                source("/1", bytes("the bytes ")),
                source("/2", bytes(second))));
  }

  @Test
  void partsAreFetchedEachAndPutTogether() throws IOException {
    inParts("of a model", "");
    Path store = folder.resolve("store");
    BakeReport report = tool().store(store).bake();
    assertEquals(List.of("/1", "/2"), origin.takeAsked());
    assertEquals("the bytes of a model", Files.readString(root.resolve("opt/m/whole")));
    assertEquals(MODEL.length, report.files().get(0).received());
    assertTrue(
        events.stream()
            .filter(event -> event instanceof BakeEvent.Verified)
            .map(event -> ((BakeEvent.Verified) event).file())
            .toList()
            .containsAll(List.of("m/whole (part 1 of 2)", "m/whole (part 2 of 2)")),
        events.toString());
    Files.delete(root.resolve("opt/m/whole"));
    tool().store(store).offline().bake();
    assertEquals(List.of(), origin.takeAsked());
    assertEquals(List.of(), verify());
  }

  @Test
  void aPartThatCannotBeHadIsNamed() throws IOException {
    inParts("of a model", "");
    Files.writeString(manifest, Files.readString(manifest).replace("/2,", "/gone,"));
    BakeFailedException e = assertThrows(BakeFailedException.class, () -> tool().bake());
    assertEquals(FailureKind.UNAVAILABLE, e.kind());
    assertTrue(e.failures().get(0).getMessage().contains("m/whole (part 2 of 2)"), e.getMessage());
    assertTrue(Files.notExists(root.resolve("opt")));
  }

  @Test
  void rightPartsOfAnotherWholeAreAContradiction() throws IOException {
    inParts("of a mod", "");
    BakeFailedException e = assertThrows(BakeFailedException.class, () -> tool().bake());
    assertEquals(FailureKind.INTEGRITY, e.kind());
    assertTrue(e.failures().get(0) instanceof DigestMismatchException, e.getMessage());
    assertTrue(e.failures().get(0).getMessage().contains("parts"), e.getMessage());
  }

  @Test
  void aWholeMayBeAnArchive() throws IOException {
    byte[] packed = gzip(MODEL);
    byte[] head = java.util.Arrays.copyOf(packed, 10);
    byte[] tail = java.util.Arrays.copyOfRange(packed, 10, packed.length);
    model(
        "files:",
        "  - {path: a, sha256: %s, size: %d, parts: [{%s}, {%s}], unpack: gz, "
                .formatted(
                    Digest.ofBytes(packed).hex(),
                    packed.length,
                    source("/1", head),
                    source("/2", tail))
            + "unpacked: {sha256: %s, size: %d}}"
                .formatted(Digest.ofBytes(MODEL).hex(), MODEL.length));
    tool().bake();
    assertEquals("the bytes of a model", Files.readString(root.resolve("opt/m/a")));
  }

  @Test
  void directoriesAreMadeWithTheirModeAlsoEmptyOnes() throws IOException {
    model(
        "dirs: [user_network, sub]",
        "dir-mode: \"0750\"",
        "files:",
        "  - {%s, path: sub/a}".formatted(source("/a", MODEL)));
    BakeReport report = tool().bake();
    assertEquals("opt\nopt/m\nopt/m/sub\nopt/m/sub/a\nopt/m/user_network", DiskPicture.names(root));
    assertEquals(040750, Files.getAttribute(root.resolve("opt/m/user_network"), "unix:mode"));
    assertEquals(
        List.of("/opt/m/sub", "/opt/m/user_network"),
        report.receipt().directories().stream().map(one -> one.path()).toList());
    assertEquals(List.of(), verify());
    assertEquals(
        List.of(), ModelBake.verify(report.receipt(), root, VerifyOptions.DEFAULT).findings());
    assertEquals(List.of(State.PRESENT, State.PRESENT), directoryStates());
    String before = DiskPicture.of(root);
    assertEquals(report.receipt(), tool().bake().receipt());
    assertEquals(before, DiskPicture.of(root));
  }

  private List<State> directoryStates() {
    return tool().plan().directories().stream().map(PlannedDirectory::state).toList();
  }

  @Test
  void aDirectoryThatIsMissingWrongOrInTheWayIsFoundAndMended() throws IOException {
    model("dirs: [data]", "files:", "  - {%s}".formatted(source("/a", MODEL)));
    BakeReport report = tool().bake();
    Path data = root.resolve("opt/m/data");
    Files.delete(data);
    assertEquals(List.of(State.ABSENT), directoryStates());
    assertEquals(FailureKind.MISSING, one(verify()).kind());
    assertEquals(
        FailureKind.MISSING,
        one(ModelBake.verify(report.receipt(), root, VerifyOptions.DEFAULT).findings()).kind());
    Files.createDirectory(data);
    Files.setAttribute(data, "unix:mode", 0700);
    assertEquals(List.of(State.WRONG_OWNER_OR_MODE), directoryStates());
    assertEquals(FailureKind.INTEGRITY, one(verify()).kind());
    tool().bake();
    assertEquals(040755, Files.getAttribute(data, "unix:mode"));
    assertEquals(List.of(), verify());
    Files.delete(data);
    Files.writeString(data, "in the way");
    assertEquals(List.of(State.WRONG_TYPE), directoryStates());
    assertThrows(CannotCreateException.class, () -> tool().bake());
    assertEquals("in the way", Files.readString(data));
  }

  @Test
  void sharedFilesAreOfGroupZeroAndTheirDirectoriesHandItDown() throws IOException {
    assumeTrue(Stat.self().uid() == 0, "only root gives files away");
    model(
        "owner: \"1234:1234\"",
        "access: shared",
        "dirs: [data]",
        "files:",
        "  - {%s}".formatted(source("/a", MODEL)));
    ModelBake baking = ModelBake.manifest(manifest).root(root).environment(Map.of());
    baking.bake();
    for (String directory : List.of("opt", "opt/m", "opt/m/data")) {
      Stat stat = Stat.of(root.resolve(directory)).orElseThrow();
      assertEquals(02775, stat.permissions(), directory);
      assertEquals(new Owner(1234, 0), stat.owner(), directory);
    }
    assertEquals(0664, Stat.of(root.resolve("opt/m/a")).orElseThrow().permissions());
    assertEquals(List.of(), baking.verify(VerifyOptions.DEFAULT).findings());
  }
}
