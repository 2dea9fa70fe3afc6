package dev.modelbake.fetch;

import static dev.modelbake.fetch.Bench.MODEL;
import static dev.modelbake.fetch.Bench.assertRight;
import static dev.modelbake.fetch.Bench.model;
import static dev.modelbake.fetch.Bench.unsized;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.modelbake.model.BakeEvent;
import dev.modelbake.model.Candidate;
import dev.modelbake.model.Candidate.Form;
import dev.modelbake.model.Compression;
import dev.modelbake.model.Descriptor;
import dev.modelbake.model.DiskException;
import dev.modelbake.model.FailureKind;
import dev.modelbake.model.FetchException;
import dev.modelbake.model.PlannedFile;
import dev.modelbake.model.SourceUrl;
import dev.modelbake.model.Unpacking;
import dev.modelbake.store.BlobStore;
import dev.modelbake.testing.FaultCase;
import dev.modelbake.testing.Mounts;
import dev.modelbake.testing.RawServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bytes which are on this machine already: files, stores, what an earlier run left. */
class LocalSourcesTest {
  @TempDir Path directory;
  private Bench bench;
  private RawServer server;

  @BeforeEach
  void makeBench() {
    bench = new Bench(directory);
  }

  private RawServer serving() {
    server =
        RawServer.answering(
            connection -> {
              connection.send(Bench.head(200, Bench.length(MODEL.length)));
              connection.send(MODEL);
            });
    return server;
  }

  private Path write(String name, byte[] bytes) throws IOException {
    return Files.write(directory.resolve(name), bytes);
  }

  private List<String> notices() {
    return bench.events.stream()
        .filter(event -> event instanceof BakeEvent.Notice)
        .map(event -> ((BakeEvent.Notice) event).text())
        .toList();
  }

  @Test
  void aFileIsCopiedAndNeverLinked() throws IOException {
    Path source = write("a.onnx", MODEL);
    Fetched fetched = bench.fetch(bench.settings(), model(source.toUri().toString()));
    assertRight(fetched);
    assertEquals(MODEL.length, fetched.received());
    assertNotEquals(
        Files.getAttribute(source, "unix:ino"),
        Files.getAttribute(fetched.blob().path(), "unix:ino"));
    assertEquals(1, Files.getAttribute(source, "unix:nlink"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "canary-secret-value",
        "<html><title>canary</title></html>",
        "version https://git-lfs.github.com/spec/v1\noid canary"
      })
  void noByteOfALocalFileIsTold(String secret) throws IOException {
    Path source = Files.writeString(directory.resolve("secret"), secret);
    for (PlannedFile file :
        List.of(model(source.toUri().toString()), unsized(source.toUri().toString()))) {
      FetchException failure = bench.fails(file);
      assertEquals(FailureKind.INTEGRITY, failure.kind());
      assertFalse(bench.said(failure).contains("canary"), bench.said(failure));
    }
    try (var left = Files.list(bench.staging.root())) {
      assertEquals(0, left.count());
    }
  }

  @Test
  void whatKilledRunsLeftInAStoreIsGoneOnceTheFileIsHere() throws IOException {
    Path work = Files.createDirectories(directory.resolve("store/.modelbake"));
    String hex = Bench.sha256(MODEL).hex();
    Files.write(work.resolve(hex + "-00000000aaaaaaaa.partial"), new byte[100]);
    Files.write(work.resolve(hex + "-00000000bbbbbbbb.partial"), new byte[100]);
    Files.write(work.resolve(hex + "-00000000bbbbbbbb.partial.journal"), new byte[10]);
    Path other = Files.write(work.resolve("0".repeat(64) + "-cc.partial"), new byte[1]);
    try (RawServer origin = serving()) {
      FetchSettings settings = bench.settings().withStore(directory.resolve("store"));
      assertRight(bench.fetch(settings, unsized(origin.url("/a"))));
    }
    try (var left = Files.list(work)) {
      assertEquals(Set.of(other, work.resolve("lock")), left.collect(Collectors.toSet()));
    }
  }

  @Test
  @FaultCase(55)
  void whatIsNoRegularFileIsAFailureOfThatSource() throws Exception {
    Path pipe = directory.resolve("pipe");
    assertEquals(0, new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor());
    Path good = write("a.onnx", MODEL);
    Fetched fetched =
        bench.fetch(
            bench.settings(),
            model(
                directory.resolve("none").toUri().toString(),
                directory.toUri().toString(),
                pipe.toUri().toString(),
                "file:///dev/zero",
                good.toUri().toString()));
    assertRight(fetched);
    assertEquals(
        List.of(
            "there is no such file",
            "it is not a regular file",
            "it is not a regular file",
            "it is not a regular file"),
        fetched.failures().stream().map(f -> f.what()).toList());
  }

  @Test
  @FaultCase(61)
  void theDigestOfTheOtherFormIsRecognised() throws IOException {
    byte[] packed = {1, 2, 3};
    Path wrong = write("unpacked", MODEL);
    Candidate candidate =
        new Candidate(new SourceUrl(wrong.toUri()), Candidate.Role.ORIGIN, Form.DOWNLOAD);
    Unpacking stream =
        new Unpacking.Stream(
            Compression.BZ2,
            Optional.of(Descriptor.of(Bench.sha256(MODEL), MODEL.length)),
            List.of(),
            Unpacking.Limits.DEFAULT);
    Descriptor pin = new Descriptor(Bench.sha256(packed), OptionalLong.empty(), List.of());
    FetchException failure = bench.fails(Bench.planned(pin, List.of(candidate), stream));
    assertTrue(
        failure.toString().contains("this is the digest of the unpacked file"), failure.toString());
    Candidate direct =
        new Candidate(new SourceUrl(wrong.toUri()), Candidate.Role.MIRROR, Form.UNPACKED);
    Fetched fetched =
        bench.fetch(bench.settings(), Bench.planned(pin, List.of(candidate, direct), stream));
    assertRight(fetched);
    assertEquals(Form.UNPACKED, fetched.candidate().form());
  }

  @Test
  void whatAnEarlierRunStagedIsProvenAgainAndTakenWhereItIs() throws IOException {
    Path left = bench.staging.root().resolve(Bench.sha256(MODEL).hex() + "-0badcafe.blob");
    Files.write(left, MODEL);
    Fetched fetched = bench.fetch(bench.settings(), model("http://127.0.0.1:1/never"));
    assertRight(fetched);
    assertEquals(left, fetched.blob().path());
    assertEquals(0, fetched.received());
  }

  @Test
  void whatAnEarlierRunStagedWithOtherBytesIsNotTaken() throws IOException {
    Path left = bench.staging.root().resolve(Bench.sha256(MODEL).hex() + "-0badcafe.blob");
    Files.write(left, new byte[MODEL.length]);
    try (RawServer origin = serving()) {
      assertRight(bench.fetch(bench.settings(), model(origin.url("/a"))));
      assertFalse(Files.exists(left));
    }
  }

  @Test
  @FaultCase(64)
  void equalFilesThatAreWantedAtTheSameTimeAreFetchedOnceAndAreTwo() throws Exception {
    try (RawServer origin = serving();
        Fetcher fetcher = bench.fetcher(bench.settings())) {
      BlobStore other = BlobStore.staging(Files.createTempDirectory(directory, "other"));
      List<CompletableFuture<Fetched>> all = new ArrayList<>();
      for (BlobStore staging : List.of(bench.staging, bench.staging, other)) {
        all.add(
            CompletableFuture.supplyAsync(() -> fetcher.fetch(model(origin.url("/a")), staging)));
      }
      List<Path> paths = new ArrayList<>();
      for (CompletableFuture<Fetched> one : all) {
        assertRight(one.get());
        paths.add(one.get().blob().path());
      }
      assertEquals(3, paths.stream().distinct().count());
      assertEquals(1, origin.requests().size());
    }
  }

  @Test
  void aStoreThatCannotBeWrittenIsANotice() throws IOException {
    Path notADirectory = write("store", new byte[0]);
    try (RawServer origin = serving()) {
      FetchSettings settings = bench.settings().withStore(notADirectory);
      assertRight(bench.fetch(settings, model(origin.url("/a"))));
      assertEquals(1, notices().size(), notices().toString());
    }
  }

  @Test
  @FaultCase(116)
  void aStoreThatIsReadOnlyIsReadAllTheSame() throws Exception {
    Path store = directory.resolve("store");
    try (RawServer origin = serving()) {
      assertRight(bench.fetch(bench.settings().withStore(store), model(origin.url("/a"))));
    }
    Mounts mounts = Mounts.asRoot();
    try {
      Path view = mounts.readOnly(store, directory.resolve("view"));
      Bench second = new Bench(directory);
      Fetched fetched =
          second.fetch(second.settings().withStore(view), model("http://127.0.0.1:1/"));
      assertRight(fetched);
      assertEquals(Candidate.Role.STORE, fetched.candidate().role());
      assertEquals(0, fetched.received());
    } finally {
      mounts.takeBack();
    }
  }

  @Test
  void aDamagedFileOfTheStoreIsSetAsideAndFetchedAnew() throws IOException {
    Path store = directory.resolve("store");
    FetchSettings settings = bench.settings().withStore(store);
    Path blob = store.resolve("blobs/sha256").resolve(Bench.sha256(MODEL).hex());
    try (RawServer origin = serving()) {
      assertRight(bench.fetch(settings, model(origin.url("/a"))));
      for (byte[] damaged : List.of(new byte[MODEL.length], new byte[7], new byte[0])) {
        Files.write(blob, damaged);
        assertRight(bench.fetch(settings, model(origin.url("/a"))));
      }
      assertEquals(4, origin.requests().size());
      assertEquals(3, notices().size());
      try (var files = Files.list(store.resolve(".modelbake"))) {
        List<String> names = files.map(file -> file.getFileName().toString()).toList();
        assertEquals(3, names.stream().filter(name -> name.contains(".bad-")).count());
        assertEquals(4, names.size(), "and the lock");
      }
    }
  }

  @Test
  void aStoreThatFillsUpIsGivenUp() throws Exception {
    Mounts mounts = Mounts.asRoot();
    try (RawServer origin = serving()) {
      Path small = mounts.memory(directory.resolve("small"), "size=64k");
      Fetched fetched = bench.fetch(bench.settings().withStore(small), model(origin.url("/a")));
      assertRight(fetched);
      assertTrue(notices().toString().contains("No space left"), notices().toString());
    } finally {
      mounts.takeBack();
    }
  }

  @Test
  void aFullDiskSaysHowMuchWasNeeded() throws Exception {
    Mounts mounts = Mounts.asRoot();
    try (RawServer origin = serving();
        Fetcher fetcher = bench.fetcher(bench.settings())) {
      Path small = mounts.memory(directory.resolve("small"), "size=64k");
      DiskException e =
          assertThrows(
              DiskException.class,
              () -> fetcher.fetch(model(origin.url("/a")), BlobStore.staging(small)));
      assertEquals(FailureKind.IO, e.kind());
      assertTrue(e.toString().contains("200000 bytes"), e.toString());
      try (var left = Files.list(small)) {
        assertEquals(0, left.count());
      }
    } finally {
      mounts.takeBack();
    }
  }

  @Test
  void aDownloadOfUnknownSizeLeavesSomeSpaceFree() throws Exception {
    Mounts mounts = Mounts.asRoot();
    try (RawServer origin = serving();
        Fetcher fetcher = bench.fetcher(bench.settings())) {
      Path small = mounts.memory(directory.resolve("small"), "size=100m");
      DiskException e =
          assertThrows(
              DiskException.class,
              () -> fetcher.fetch(unsized(origin.url("/a")), BlobStore.staging(small)));
      assertTrue(e.toString().contains("pin the size"), e.toString());
    } finally {
      mounts.takeBack();
    }
  }
}
