package dev.modelbake.bake;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.modelbake.mirror.Collected;
import dev.modelbake.mirror.Collector;
import dev.modelbake.mirror.MirrorIndex;
import dev.modelbake.model.BakeException;
import dev.modelbake.model.Digest;
import dev.modelbake.model.FailureKind;
import dev.modelbake.model.MirrorException;
import dev.modelbake.model.Plan;
import dev.modelbake.model.SignatureException;
import dev.modelbake.model.SignatureException.Fault;
import dev.modelbake.model.TemporaryException;
import dev.modelbake.model.UnpinnedException;
import dev.modelbake.store.BlobStore;
import dev.modelbake.testing.DiskPicture;
import dev.modelbake.testing.FaultCase;
import dev.modelbake.testing.PlannedFiles;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MirrorTest {
  private static final byte[] ONE = "the first model's weights".getBytes(UTF_8);
  private static final byte[] TWO = "{\"a\": 1}".getBytes(UTF_8);

  @TempDir Path directory;

  private ModelOrigin origin;
  private Path mirror;

  @BeforeEach
  void start() throws IOException {
    origin = new ModelOrigin();
    mirror = directory.resolve("mirror");
  }

  @AfterEach
  void end() {
    origin.close();
  }

  private static String hex(byte[] bytes) {
    return Digest.ofBytes(bytes).hex();
  }

  private static String entry(String url, byte[] bytes) {
    return "{url: \"%s\", sha256: %s, size: %d}".formatted(url, hex(bytes), bytes.length);
  }

  /** A manifest that no laptop could bake: it has neither the owner nor the variable. */
  private Path manifest(String file, String model, String... entries) throws IOException {
    return Files.writeString(
        directory.resolve(file),
        """
        schema: modelbake/1
        owner: appuser
        models:
          - name: %s
            license: Apache-2.0
            dir: ${NOBODY_SET_THIS}/models
            files: [%s]
        """
            .formatted(model, String.join(", ", entries)));
  }

  private Path two() throws IOException {
    return manifest(
        "models.yaml",
        "org/one",
        entry(origin.serve("/one.onnx", ONE), ONE),
        entry(origin.serve("/config.json", TWO), TWO));
  }

  private static ModelBake bake(Path... manifests) {
    return ModelBake.manifests(List.of(manifests)).environment(Map.of());
  }

  private MirrorIndex export(Path... manifests) {
    return bake(manifests).exportMirror(mirror, MirrorOptions.DEFAULT);
  }

  private Path blob(byte[] bytes) {
    return mirror.resolve("blobs/sha256").resolve(hex(bytes));
  }

  private static FailureKind kind(Runnable call) {
    return assertThrows(BakeException.class, call::run).kind();
  }

  @Test
  void aMirrorHoldsEveryDownloadAndSaysWhatItIs() throws IOException {
    MirrorIndex index = export(two());
    assertEquals("models", index.name());
    assertEquals(1, index.counter());
    assertEquals("org/one", index.models().get(0).name());
    assertEquals(Optional.of("Apache-2.0"), index.models().get(0).license());
    assertEquals(origin.url() + "/one.onnx", index.models().get(0).files().get(0).source().get());
    assertArrayEquals(ONE, Files.readAllBytes(blob(ONE)));
    assertArrayEquals(TWO, Files.readAllBytes(blob(TWO)));
    assertTrue(Files.readString(mirror.resolve("index.json")).contains("org--one"));
    assertTrue(Files.readString(mirror.resolve("oci-layout")).contains("1.0.0"));
    assertEquals(index, bake().checkMirror(mirror.toString()));
  }

  @Test
  void aSecondExportFetchesNothingAndChangesNothing() throws IOException {
    Path manifest = two();
    export(manifest);
    String before = DiskPicture.names(mirror);
    byte[] bytes = Files.readAllBytes(mirror.resolve("modelbake-index.json"));
    origin.takeAsked();
    assertEquals(1, export(manifest).counter());
    assertEquals(List.of(), origin.takeAsked());
    assertEquals(before, DiskPicture.names(mirror));
    assertArrayEquals(bytes, Files.readAllBytes(mirror.resolve("modelbake-index.json")));
  }

  @Test
  void furtherManifestsShareBlobsAndTheCounterGrows() throws IOException {
    export(two());
    origin.takeAsked();
    byte[] three = "three".getBytes(UTF_8);
    Path other =
        manifest(
            "other.yaml",
            "org/other",
            entry(origin.serve("/copy-of-one", ONE), ONE),
            entry(origin.serve("/three", three), three));
    MirrorIndex index = export(other);
    assertEquals(2, index.counter());
    assertEquals(2, index.models().size());
    assertEquals(3, index.blobs().size());
    assertEquals(List.of("/three"), origin.takeAsked());
    bake().checkMirror(mirror.toString());
  }

  @Test
  void twoExportsAtOnceBothCount() throws Exception {
    Path one = two();
    byte[] three = "three".getBytes(UTF_8);
    Path other = manifest("other.yaml", "org/x", entry(origin.serve("/three", three), three));
    List<Thread> runs =
        List.of(new Thread(() -> export(one), "one"), new Thread(() -> export(other), "other"));
    runs.forEach(Thread::start);
    for (Thread run : runs) {
      run.join();
    }
    assertEquals(2, bake().checkMirror(mirror.toString()).models().size());
  }

  @Test
  void aMirrorIsNotMadeAmongOtherThings() throws IOException {
    Path manifest = two();
    Files.createDirectories(mirror);
    Path theirs = Files.writeString(mirror.resolve("index.json"), "{\"my\": \"json\"}");
    assertEquals(FailureKind.CANNOT_CREATE, kind(() -> export(manifest)));
    assertEquals("index.json", DiskPicture.names(mirror));
    Files.delete(theirs);
    Files.createDirectories(mirror.resolve("blobs/sha256"));
    Files.writeString(mirror.resolve("blobs/sha256/0123"), "of somebody else");
    assertEquals(FailureKind.CANNOT_CREATE, kind(() -> export(manifest)));
    assertFalse(Files.exists(mirror.resolve("modelbake-index.json")));
  }

  @Test
  void anExportThatWasCutOffGoesOn() throws IOException {
    Path manifest = two();
    export(manifest);
    Files.delete(mirror.resolve("modelbake-index.json"));
    Files.delete(blob(TWO));
    Files.createFile(mirror.resolve(".modelbake/writing"));
    Files.writeString(mirror.resolve("blobs/sha256/0123"), "{}");
    export(two());
    bake().checkMirror(mirror.toString());
    assertEquals("lock", DiskPicture.names(mirror.resolve(".modelbake")));
  }

  @Test
  void aNameOrACounterThatNoIndexCanHaveIsRefused() throws IOException {
    Path manifest = two();
    for (String name : List.of("", "../x", "a b", "x".repeat(129))) {
      MirrorOptions options =
          new MirrorOptions(List.of(), Optional.of(name), OptionalLong.empty(), Optional.empty());
      assertEquals(FailureKind.USAGE, kind(() -> bake(manifest).exportMirror(mirror, options)));
    }
    for (long number : new long[] {-5, Long.MAX_VALUE}) {
      assertEquals(
          FailureKind.USAGE, kind(() -> bake(manifest).exportMirror(mirror, counter(number))));
    }
    bake(manifest).exportMirror(mirror, counter(5));
    assertEquals(FailureKind.USAGE, kind(() -> bake(manifest).exportMirror(mirror, counter(3))));
  }

  @Test
  void aSmallerMirrorReplacesALargerOne() throws IOException {
    Path manifest = two();
    byte[] three = "three".getBytes(UTF_8);
    Path other = manifest("other.yaml", "org/x", entry(origin.serve("/three", three), three));
    export(manifest, other);
    Path imported = directory.resolve("imported");
    bake().importMirror(mirror.toString(), imported);
    bake(manifest).collect(mirror, Collector.Mode.REMOVE);
    bake().importMirror(mirror.toString(), imported);
    assertEquals(1, bake().checkMirror(imported.toString()).models().size());
    assertFalse(Files.exists(imported.resolve("blobs/sha256").resolve(hex(three))));
  }

  @Test
  void aMirrorIsNotImportedIntoItself() throws IOException {
    export(two());
    assertEquals(FailureKind.USAGE, kind(() -> bake().importMirror(mirror.toString(), mirror)));
  }

  @Test
  void whatADeadRunLeftOfABlobGoesWhenTheBlobIsThere() throws IOException {
    Path manifest = two();
    Path work = Files.createDirectories(mirror.resolve(".modelbake"));
    Path left = Files.writeString(work.resolve(hex(ONE) + "-0123.partial"), "the first");
    export(manifest);
    assertFalse(Files.exists(left));
  }

  @Test
  void aLayoutThatOtherToolsCannotReadIsNotProven() throws IOException {
    export(two());
    Files.writeString(mirror.resolve("index.json"), "{");
    assertEquals(FailureKind.INTEGRITY, kind(() -> bake().checkMirror(mirror.toString())));
    export(two());
    bake().checkMirror(mirror.toString());
  }

  @Test
  void aDamagedBlobIsSetAsideAndFetchedAgain() throws IOException {
    Path manifest = two();
    export(manifest);
    Files.writeString(blob(ONE), "poison");
    origin.takeAsked();
    export(manifest);
    assertEquals(List.of("/one.onnx"), origin.takeAsked());
    assertArrayEquals(ONE, Files.readAllBytes(blob(ONE)));
    bake().checkMirror(mirror.toString());
    assertTrue(DiskPicture.names(mirror.resolve(".modelbake")).contains(".bad-"));
  }

  @Test
  void whatCannotBeFetchedLeavesTheIndexAsItWas() throws IOException {
    export(two());
    byte[] index = Files.readAllBytes(mirror.resolve("modelbake-index.json"));
    byte[] gone = "gone".getBytes(UTF_8);
    Path other = manifest("other.yaml", "org/other", entry(origin.url() + "/gone", gone));
    assertEquals(FailureKind.UNAVAILABLE, kind(() -> export(other)));
    assertArrayEquals(index, Files.readAllBytes(mirror.resolve("modelbake-index.json")));
    Path fresh = directory.resolve("fresh");
    kind(() -> bake(other).exportMirror(fresh, MirrorOptions.DEFAULT));
    assertFalse(Files.exists(fresh.resolve("modelbake-index.json")));
  }

  @Test
  void anUnpinnedFileIsNamed() throws IOException {
    Path manifest = manifest("m.yaml", "org/x", "{url: \"" + origin.url() + "/x\"}");
    assertThrows(UnpinnedException.class, () -> export(manifest));
    assertFalse(Files.exists(mirror));
  }

  @Test
  void aMirrorIsMadeOfATreeOrAStoreWithoutTheNetwork() throws IOException {
    Path manifest = two();
    Path tree = Files.createDirectories(directory.resolve("image/opt/models"));
    Files.write(tree.resolve("renamed.bin"), ONE);
    Files.write(tree.resolve("config.json"), TWO);
    MirrorOptions from =
        new MirrorOptions(
            List.of(directory.resolve("image")),
            Optional.of("mine"),
            OptionalLong.of(20261121),
            Optional.empty());
    MirrorIndex index = bake(manifest).offline().exportMirror(mirror, from);
    assertEquals("mine", index.name());
    assertEquals(20261121, index.counter());
    assertEquals(List.of(), origin.takeAsked());
    Path second = directory.resolve("second");
    MirrorOptions store =
        new MirrorOptions(
            List.of(mirror), Optional.empty(), OptionalLong.empty(), Optional.empty());
    bake(manifest).offline().exportMirror(second, store);
    bake().checkMirror(second.toString());
  }

  @Test
  void ofABakedTreeTheUnpackedBytesServeToo() throws IOException {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream gz = new GZIPOutputStream(packed)) {
      gz.write(ONE);
    }
    byte[] download = packed.toByteArray();
    String entry =
        "{url: \"%s\", sha256: %s, size: %d, unpack: gz, unpacked: {sha256: %s, size: %d}}"
            .formatted(
                origin.url() + "/one.bin.gz", hex(download), download.length, hex(ONE), ONE.length);
    Path manifest = manifest("m.yaml", "org/one", entry);
    Path tree = Files.createDirectories(directory.resolve("tree"));
    Files.write(tree.resolve("one.bin"), ONE);
    MirrorOptions from =
        new MirrorOptions(List.of(tree), Optional.empty(), OptionalLong.empty(), Optional.empty());
    MirrorIndex index = bake(manifest).offline().exportMirror(mirror, from);
    assertEquals("one.bin", index.models().get(0).files().get(0).path());
    Path root = Files.createDirectories(directory.resolve("root"));
    bake(manifest)
        .root(root)
        .owner("self")
        .env("NOBODY_SET_THIS", "/opt")
        .mirror("file:" + mirror)
        .onlyMirrors()
        .bake();
    assertArrayEquals(ONE, Files.readAllBytes(root.resolve("opt/models/one.bin")));
  }

  @Test
  void aMirrorOnADiskIsTakenOver() throws IOException {
    MirrorIndex index = export(two());
    String medium = DiskPicture.of(mirror);
    Path other = directory.resolve("other");
    assertEquals(index, bake().importMirror(mirror.toString(), other));
    assertEquals(medium, DiskPicture.of(mirror));
    assertEquals(index, bake().checkMirror(other.toString()));
    assertEquals(index, bake().importMirror(mirror.toString(), other), "again");
    for (String file : List.of("index.json", "oci-layout", "modelbake-index.json")) {
      assertArrayEquals(
          Files.readAllBytes(mirror.resolve(file)), Files.readAllBytes(other.resolve(file)), file);
    }
  }

  @Test
  @FaultCase(55)
  void oneFlippedBitIsFoundAndNothingOfTheIndexIsTaken() throws IOException {
    export(two());
    byte[] flipped = ONE.clone();
    flipped[5] ^= 1;
    Files.write(blob(ONE), flipped);
    Path other = directory.resolve("other");
    assertEquals(FailureKind.INTEGRITY, kind(() -> bake().importMirror(mirror.toString(), other)));
    assertFalse(Files.exists(other.resolve("modelbake-index.json")));
    assertFalse(Files.exists(other.resolve("blobs/sha256").resolve(hex(ONE))));
    assertEquals(FailureKind.INTEGRITY, kind(() -> bake().checkMirror(mirror.toString())));
  }

  @Test
  void everythingThatIsMissingIsNamed() throws IOException {
    export(two());
    Files.delete(blob(ONE));
    Files.delete(blob(TWO));
    Path other = directory.resolve("other");
    MirrorException failure =
        assertThrows(MirrorException.class, () -> bake().importMirror(mirror.toString(), other));
    assertEquals(FailureKind.MISSING, failure.kind());
    assertEquals(2, failure.files().size());
    assertTrue(failure.getMessage().contains("org/one/one.onnx"), failure.getMessage());
    assertFalse(Files.exists(other), "nothing is written");
  }

  @Test
  void aWrongSizeIsToldBeforeAnythingIsCopied() throws IOException {
    export(two());
    Files.writeString(blob(ONE), "short");
    Path other = directory.resolve("other");
    assertEquals(FailureKind.INTEGRITY, kind(() -> bake().importMirror(mirror.toString(), other)));
    assertFalse(Files.exists(other));
  }

  @Test
  void filesThatTheIndexDoesNotNameAreRefused() throws IOException {
    export(two());
    Path other = directory.resolve("other");
    Path stranger = Files.writeString(blob("stranger".getBytes(UTF_8)), "stranger");
    assertEquals(FailureKind.REFUSED, kind(() -> bake().importMirror(mirror.toString(), other)));
    Files.delete(stranger);
    Path sha512 = Files.createDirectory(mirror.resolve("blobs/sha512"));
    assertEquals(FailureKind.REFUSED, kind(() -> bake().checkMirror(mirror.toString())));
    Files.delete(sha512);
    Files.delete(blob(ONE));
    Files.createSymbolicLink(blob(ONE), Files.write(directory.resolve("elsewhere"), ONE));
    assertEquals(FailureKind.REFUSED, kind(() -> bake().importMirror(mirror.toString(), other)));
    assertFalse(Files.exists(other));
  }

  @Test
  @FaultCase(56)
  void aMirrorWithoutItsIndexIsHalfACopy() throws IOException {
    export(two());
    Files.delete(mirror.resolve("modelbake-index.json"));
    MirrorException failure =
        assertThrows(
            MirrorException.class,
            () -> bake().importMirror(mirror.toString(), directory.resolve("other")));
    assertEquals(FailureKind.MISSING, failure.kind());
    assertTrue(failure.getMessage().contains("written last"), failure.getMessage());
  }

  @Test
  @FaultCase(52)
  void anOlderIndexOfTheSameMirrorIsAReplay() throws IOException {
    Path manifest = two();
    Path other = directory.resolve("other");
    bake(manifest).exportMirror(mirror, counter(7));
    bake().importMirror(mirror.toString(), other);
    Path older = directory.resolve("older");
    bake(manifest).exportMirror(older, counter(6));
    SignatureException failure =
        assertThrows(SignatureException.class, () -> bake().importMirror(older.toString(), other));
    assertEquals(Fault.REPLAY, failure.fault());
    assertThrows(
        SignatureException.class, () -> bake().minCounter(8).checkMirror(mirror.toString()));
  }

  private static MirrorOptions counter(long counter) {
    return new MirrorOptions(
        List.of(), Optional.empty(), OptionalLong.of(counter), Optional.empty());
  }

  @Test
  void anotherMirrorDoesNotTakeThePlaceOfOne() throws IOException {
    Path manifest = two();
    Path other = directory.resolve("other");
    bake(manifest).exportMirror(mirror, MirrorOptions.DEFAULT);
    bake().importMirror(mirror.toString(), other);
    Path second = directory.resolve("second");
    bake(manifest)
        .exportMirror(
            second,
            new MirrorOptions(
                List.of(), Optional.of("theirs"), OptionalLong.empty(), Optional.empty()));
    assertEquals(
        FailureKind.CANNOT_CREATE, kind(() -> bake().importMirror(second.toString(), other)));
  }

  @Test
  void aChangeTakesAwayASignatureThatNoLongerFits() throws IOException {
    Path manifest = two();
    export(manifest);
    Path signature =
        Files.writeString(mirror.resolve("modelbake-index.json.minisig"), "of the old index");
    export(manifest);
    assertTrue(Files.exists(signature), "nothing changed");
    bake(manifest).exportMirror(mirror, counter(9));
    assertFalse(Files.exists(signature));
  }

  @Test
  void gcKeepsWhatManifestsNameAndRewritesTheIndex() throws IOException {
    Path first = two();
    byte[] three = "three".getBytes(UTF_8);
    Path second = manifest("other.yaml", "org/other", entry(origin.serve("/three", three), three));
    export(first, second);
    Collected dry = bake(first).collect(mirror, Collector.Mode.DRY_RUN);
    assertTrue(Files.exists(blob(three)));
    Collected done = bake(first).collect(mirror, Collector.Mode.REMOVE);
    assertEquals(dry, done);
    assertFalse(Files.exists(blob(three)));
    assertTrue(Files.exists(blob(ONE)));
    MirrorIndex index = bake().checkMirror(mirror.toString());
    assertEquals(1, index.models().size());
    assertEquals(2, index.counter());
    assertEquals(List.of(), bake(first).collect(mirror, Collector.Mode.REMOVE).files());
  }

  @Test
  void gcDoesNotTouchAStoreThatIsInUse() throws IOException {
    Path manifest = two();
    export(manifest);
    Plan nothing = PlannedFiles.plan(Path.of("/"));
    Collector impatient = new Collector(Duration.ZERO);
    try (BlobStore used = BlobStore.layout(mirror)) {
      assertTrue(used.locks().orElseThrow().use());
      assertThrows(
          TemporaryException.class,
          () -> impatient.collect(mirror, nothing, Collector.Mode.REMOVE));
      assertTrue(Files.exists(blob(ONE)));
    }
    impatient.collect(mirror, nothing, Collector.Mode.REMOVE);
    assertFalse(Files.exists(blob(ONE)));
  }

  @Test
  void gcOfSomethingElseRemovesNothing() throws IOException {
    Path home = Files.createDirectories(directory.resolve("home"));
    Files.writeString(home.resolve("thesis"), "x");
    Path manifest = two();
    assertEquals(
        FailureKind.MISSING, kind(() -> bake(manifest).collect(home, Collector.Mode.REMOVE)));
    try (Stream<Path> files = Files.list(home)) {
      assertEquals(1, files.count());
    }
  }

  @Test
  @FaultCase(118)
  void aPoisonedStoreIsNoticedAndMended() throws IOException {
    Path manifest = two();
    Path store = directory.resolve("store");
    Path root = Files.createDirectories(directory.resolve("root"));
    ModelBake bake =
        bake(manifest).root(root).owner("self").env("NOBODY_SET_THIS", "/opt").store(store);
    bake.bake();
    Path blob = store.resolve("blobs/sha256").resolve(hex(ONE));
    Files.writeString(blob, "poison");
    Files.delete(root.resolve("opt/models/one.onnx"));
    bake.bake();
    assertArrayEquals(ONE, Files.readAllBytes(root.resolve("opt/models/one.onnx")));
    assertArrayEquals(ONE, Files.readAllBytes(blob));
  }
}
