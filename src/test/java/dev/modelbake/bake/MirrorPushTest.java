package dev.modelbake.bake;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.modelbake.mirror.MirrorIndex;
import dev.modelbake.mirror.Pushed;
import dev.modelbake.model.BakeException;
import dev.modelbake.model.BakeReport;
import dev.modelbake.model.Digest;
import dev.modelbake.model.FailureKind;
import dev.modelbake.testing.FakeRegistry;
import dev.modelbake.testing.FaultCase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MirrorPushTest {
  private static final byte[] ONE = "the weights of one".getBytes(UTF_8);
  private static final byte[] TWO = "the weights of two".getBytes(UTF_8);

  @TempDir Path directory;

  private FakeRegistry registry;
  private Path manifest;
  private Path mirror;

  @BeforeEach
  void start() throws IOException {
    registry = new FakeRegistry();
    mirror = directory.resolve("mirror");
    Path tree = Files.createDirectory(directory.resolve("tree"));
    Files.write(tree.resolve("one"), ONE);
    Files.write(tree.resolve("two"), TWO);
    manifest =
        Files.writeString(
            directory.resolve("models.yaml"),
            """
            schema: modelbake/1
            models:
              - {name: org/one, dir: /opt, files: [%s]}
              - {name: org/two, dir: /opt, files: [%s]}
            """
                .formatted(entry("one", ONE), entry("two", TWO)));
    bake()
        .offline()
        .exportMirror(
            mirror,
            new MirrorOptions(
                List.of(tree), Optional.empty(), OptionalLong.empty(), Optional.empty()));
  }

  @AfterEach
  void end() {
    registry.close();
  }

  private static String entry(String name, byte[] bytes) {
    return "{url: \"https://nowhere.invalid/%s\", sha256: %s, size: %d}"
        .formatted(name, Digest.ofBytes(bytes).hex(), bytes.length);
  }

  private ModelBake bake() {
    return ModelBake.manifests(List.of(manifest)).environment(Map.of());
  }

  private Pushed push() {
    return bake().pushMirror(mirror, registry.repository(), List.of());
  }

  private long requests(String start) {
    return registry.requests.stream().filter(one -> one.startsWith(start)).count();
  }

  @Test
  void blobsComeBeforeWhatNamesThemAndTheIndexComesLast() {
    Pushed pushed = push();
    assertEquals(List.of("org--one", "org--two", "modelbake-index"), tags(pushed));
    List<String> puts =
        registry.requests.stream().filter(one -> one.startsWith("PUT manifests/")).toList();
    assertEquals(
        List.of(
            "PUT manifests/org--one", "PUT manifests/org--two", "PUT manifests/modelbake-index"),
        puts);
    assertArrayEquals(ONE, registry.blobs.get(Digest.ofBytes(ONE).toString()));
  }

  private static List<String> tags(Pushed pushed) {
    return List.copyOf(pushed.tags().keySet());
  }

  @Test
  void aSecondPushSendsNothingAndGivesTheSameDigests() {
    Pushed first = push();
    registry.requests.clear();
    Pushed second = push();
    assertEquals(first.tags(), second.tags());
    assertEquals(0, second.uploaded());
    assertEquals(0, requests("POST") + requests("PUT"));
  }

  @Test
  void whatWasPushedIsPulledCheckedAndBaked() throws IOException {
    MirrorIndex pushed = push().index();
    Path pulled = directory.resolve("pulled");
    assertEquals(pushed, bake().importMirror(registry.repository(), pulled));
    assertEquals(pushed, bake().checkMirror(registry.repository()));
    Path root = Files.createDirectory(directory.resolve("root"));
    BakeReport report =
        bake().root(root).owner("self").mirror(registry.repository()).onlyMirrors().bake();
    assertArrayEquals(ONE, Files.readAllBytes(root.resolve("opt/one")));
    assertTrue(report.files().get(0).source().orElseThrow().toString().startsWith("oci://127."));
  }

  @Test
  void aBlobThatTheRegistryLostMeanwhileIsSentAgain() {
    AtomicInteger refused = new AtomicInteger();
    registry.blobs.put(Digest.ofBytes(ONE).toString(), ONE);
    registry.fault(
        (exchange, request) -> {
          boolean lost = request.equals("PUT manifests/org--one") && refused.getAndIncrement() == 0;
          if (lost) {
            FakeRegistry.refuse(exchange, 400, "MANIFEST_BLOB_UNKNOWN", "blob unknown");
          }
          return lost;
        });
    push();
    assertEquals(2, refused.get());
    assertTrue(registry.manifests.containsKey("modelbake-index"));
  }

  @Test
  void aRefusalInTheMiddleStoresNoManifest() {
    registry.fault(
        (exchange, request) -> {
          boolean second = request.startsWith("PUT /up/") && !registry.blobs.isEmpty();
          if (second) {
            FakeRegistry.refuse(exchange, 403, "DENIED", "project quota exceeded");
          }
          return second;
        });
    BakeException failure =
        assertThrows(
            BakeException.class,
            () -> bake().jobs(1).pushMirror(mirror, registry.repository(), List.of()));
    assertEquals(FailureKind.IO, failure.kind());
    assertEquals(Map.of(), registry.manifests);
    registry.fault((exchange, request) -> false);
    push();
    assertTrue(registry.manifests.containsKey("modelbake-index"));
  }

  @Test
  void aDamagedMirrorIsNotPushed() throws IOException {
    byte[] flipped = ONE.clone();
    flipped[0] ^= 1;
    Files.write(mirror.resolve("blobs/sha256").resolve(Digest.ofBytes(ONE).hex()), flipped);
    BakeException failure = assertThrows(BakeException.class, this::push);
    assertEquals(FailureKind.INTEGRITY, failure.kind());
    assertEquals(Map.of(), registry.manifests);
    assertFalse(registry.blobs.containsKey(Digest.ofBytes(ONE).toString()));
  }

  @Test
  @FaultCase(157)
  void wrongBytesFromARegistryAreNeitherPulledNorBakedNorFoundRight() throws IOException {
    push();
    byte[] flipped = ONE.clone();
    flipped[0] ^= 1;
    registry.blobs.put(Digest.ofBytes(ONE).toString(), flipped);
    Path pulled = directory.resolve("pulled");
    for (Runnable call :
        List.<Runnable>of(
            () -> bake().importMirror(registry.repository(), pulled),
            () -> bake().checkMirror(registry.repository()))) {
      assertEquals(FailureKind.INTEGRITY, assertThrows(BakeException.class, call::run).kind());
    }
    assertFalse(Files.exists(pulled.resolve("modelbake-index.json")));
  }

  @Test
  @FaultCase(155)
  void aBlobThatBreaksOffIsAskedForAgain() throws IOException {
    push();
    AtomicInteger cuts = new AtomicInteger();
    registry.fault(
        (exchange, request) -> {
          if (!request.contains(Digest.ofBytes(ONE).hex()) || cuts.getAndIncrement() > 0) {
            return false;
          }
          exchange.sendResponseHeaders(200, ONE.length);
          exchange.getResponseBody().write(ONE, 0, ONE.length / 2);
          exchange.getResponseBody().flush();
          exchange.close();
          return true;
        });
    Path pulled = directory.resolve("pulled");
    bake().importMirror(registry.repository(), pulled);
    assertArrayEquals(
        ONE, Files.readAllBytes(pulled.resolve("blobs/sha256/" + Digest.ofBytes(ONE).hex())));
    assertTrue(cuts.get() > 1);
  }

  @Test
  void aBlobThatWasCollectedIsNamed() {
    push();
    registry.blobs.remove(Digest.ofBytes(ONE).toString());
    BakeException failure =
        assertThrows(
            BakeException.class,
            () -> bake().importMirror(registry.repository(), directory.resolve("pulled")));
    assertEquals(FailureKind.UNAVAILABLE, failure.kind());
    assertTrue(
        failure.members().get(0).getMessage().contains("org/one/one"),
        () -> failure.members().toString());
  }

  @Test
  void aRepositoryWithoutAMirrorSaysSo() {
    BakeException failure =
        assertThrows(BakeException.class, () -> bake().checkMirror(registry.repository()));
    assertEquals(FailureKind.MISSING, failure.kind());
  }

  @Test
  void anotherMirrorOrANewerOneIsNotReplaced() throws IOException {
    push();
    Path other = directory.resolve("other");
    bake()
        .offline()
        .exportMirror(
            other,
            new MirrorOptions(
                List.of(mirror), Optional.of("theirs"), OptionalLong.empty(), Optional.empty()));
    BakeException failure =
        assertThrows(
            BakeException.class, () -> bake().pushMirror(other, registry.repository(), List.of()));
    assertEquals(FailureKind.CANNOT_CREATE, failure.kind());
    Path older = directory.resolve("older");
    bake()
        .offline()
        .exportMirror(
            older,
            new MirrorOptions(
                List.of(mirror), Optional.empty(), OptionalLong.of(0), Optional.empty()));
    failure =
        assertThrows(
            BakeException.class, () -> bake().pushMirror(older, registry.repository(), List.of()));
    assertEquals(FailureKind.INTEGRITY, failure.kind());
  }

  @Test
  void aNameThatIsNoRepositoryIsNotMountedFrom() {
    for (String name : List.of("a b", "UPPER", "a&b=c", "", "oci://host/x")) {
      BakeException failure =
          assertThrows(
              BakeException.class,
              () -> bake().pushMirror(mirror, registry.repository(), List.of(name)));
      assertEquals(FailureKind.USAGE, failure.kind(), name);
    }
  }

  @Test
  void aDigestThatTheRegistryMakesUpIsNotBelieved() {
    registry.fault(
        (exchange, request) -> {
          exchange.getResponseHeaders().add("Docker-Content-Digest", "sha256:" + "0".repeat(64));
          return false;
        });
    BakeException failure = assertThrows(BakeException.class, this::push);
    assertEquals(FailureKind.INTEGRITY, failure.kind());
  }

  @Test
  void aBlobOfAnotherRepositoryIsMounted() {
    registry.fault(
        (exchange, request) -> {
          boolean mount = String.valueOf(exchange.getRequestURI().getQuery()).contains("mount=");
          if (mount) {
            registry.blobs.put(Digest.ofBytes(ONE).toString(), ONE);
            registry.blobs.put(Digest.ofBytes(TWO).toString(), TWO);
            FakeRegistry.send(exchange, 201, new byte[0]);
          }
          return mount;
        });
    Pushed pushed = bake().pushMirror(mirror, registry.repository(), List.of("other/models"));
    long documents = pushed.uploaded();
    assertEquals(4, documents, "two configurations, that of the index, and the index");
  }
}
