package dev.modelbake.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.modelbake.model.Descriptor;
import dev.modelbake.model.Digest;
import dev.modelbake.model.DigestAlgorithm;
import dev.modelbake.model.DigestMismatchException;
import dev.modelbake.testing.DiskPicture;
import dev.modelbake.testing.FaultCase;
import dev.modelbake.testing.OtherProcess;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BlobStoreTest {
  private static final byte[] ABC = "abc".getBytes(StandardCharsets.UTF_8);
  private static final Digest SHA256 =
      Digest.sha256("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  private static final Descriptor WANTED = Descriptor.of(SHA256, 3);

  @TempDir Path directory;

  private static Partial write(BlobStore store, String text) throws IOException {
    Partial partial = store.begin(WANTED);
    partial.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
    return partial;
  }

  private static String permissions(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }

  private Path store() {
    return directory.resolve("store");
  }

  private List<String> names(Path in) throws IOException {
    try (var files = Files.list(in)) {
      return files.map(f -> f.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void aBlobIsWhatItsDescriptorSays() throws IOException {
    BlobStore staging = BlobStore.staging(directory);
    Blob blob = staging.admit(write(staging, "abc"), WANTED, "x");
    assertArrayEquals(ABC, Files.readAllBytes(blob.path()));
    assertEquals("rw-------", permissions(blob.path()));
    assertEquals(3, blob.size());
  }

  /** Whoever owns a store could make root write and remove files elsewhere. */
  @ParameterizedTest
  @ValueSource(strings = {"blobs", "blobs/sha256", ".modelbake"})
  void aLayoutWithALinkInItIsNotUsed(String name) throws IOException {
    Path elsewhere = Files.createDirectories(directory.resolve("elsewhere/sha256"));
    Files.write(elsewhere.resolve(SHA256.hex()), ABC);
    Files.write(elsewhere.resolveSibling(SHA256.hex()), ABC);
    Path link = store().resolve(name);
    Files.createDirectories(link.getParent());
    Path to = name.endsWith("6") ? elsewhere : elsewhere.getParent();
    Files.createSymbolicLink(link, to);
    String before = DiskPicture.names(directory.resolve("elsewhere"));
    FileSystemException refused =
        assertThrows(FileSystemException.class, () -> BlobStore.layout(store()));
    assertEquals("its " + name + " is a symbolic link, which is not followed", refused.getReason());
    assertEquals(Optional.empty(), BlobStore.layoutForReading(store()).find(WANTED));
    assertEquals(before, DiskPicture.names(directory.resolve("elsewhere")));
  }

  @Test
  void otherBytesAreNeverABlob() throws IOException {
    BlobStore staging = BlobStore.staging(directory);
    Descriptor md5 =
        new Descriptor(
            SHA256, OptionalLong.empty(), List.of(new Digest(DigestAlgorithm.MD5, "0".repeat(32))));
    assertThrows(
        DigestMismatchException.class, () -> staging.admit(write(staging, "abd"), WANTED, "x"));
    assertThrows(
        DigestMismatchException.class,
        () -> staging.admit(write(staging, "abc"), Descriptor.of(SHA256, 4), "x"));
    Partial partial = staging.begin(md5);
    partial.write(ByteBuffer.wrap(ABC));
    DigestMismatchException e =
        assertThrows(DigestMismatchException.class, () -> staging.admit(partial, md5, "x"));
    assertEquals(DigestAlgorithm.MD5, e.actual().algorithm());
    assertTrue(names(directory).stream().noneMatch(name -> name.endsWith(".blob")));
  }

  @Test
  void stagingHoldsTheSameBytesMoreThanOnce() throws IOException {
    BlobStore staging = BlobStore.staging(directory);
    Blob first = staging.admit(write(staging, "abc"), WANTED, "x");
    Blob second = staging.admit(write(staging, "abc"), WANTED, "x");
    assertFalse(first.path().equals(second.path()));
    assertTrue(staging.find(WANTED).isPresent());
    assertEquals(Optional.empty(), staging.reuse(WANTED), "its own are taken already");
  }

  @Test
  void whatAnotherRunLeftIsProvenAgainBeforeItIsABlob() throws IOException {
    BlobStore earlier = BlobStore.staging(directory);
    Path left = earlier.admit(write(earlier, "abc"), WANTED, "x").path();
    assertEquals(left, BlobStore.staging(directory).reuse(WANTED).orElseThrow().path());
    Files.writeString(left, "abd");
    assertEquals(Optional.empty(), BlobStore.staging(directory).reuse(WANTED));
    assertFalse(Files.exists(left));
    Files.write(directory.resolve("elsewhere"), ABC);
    Files.createSymbolicLink(left, Path.of("elsewhere"));
    assertEquals(Optional.empty(), BlobStore.staging(directory).reuse(WANTED));
  }

  private Path leftInStore(String token) throws IOException {
    Path work = Files.createDirectories(store().resolve(".modelbake"));
    return Files.write(work.resolve(SHA256.hex() + "-" + token + ".partial"), ABC);
  }

  @Test
  @FaultCase(115)
  void whatALivingRunWritesIsNeverTidiedAway() throws IOException {
    Path living = leftInStore("00000000aaaaaaaa");
    Path dead = leftInStore("00000000bbbbbbbb");
    Path taken = leftInStore("00000000cccccccc");
    Path journal = Files.createFile(taken.resolveSibling(taken.getFileName() + ".journal"));
    try (BlobStore store = BlobStore.layout(store())) {
      try (OtherProcess writes = OtherProcess.holding(living);
          OtherProcess goesOn = OtherProcess.holding(journal)) {
        store.tidy(SHA256);
        assertTrue(writes.isAlive() && goesOn.isAlive());
        assertTrue(Files.exists(living));
        assertTrue(Files.exists(taken) && Files.exists(journal));
        assertFalse(Files.exists(dead));
      }
      store.tidy(SHA256);
      assertEquals(List.of("lock"), names(store().resolve(".modelbake")));
    }
  }

  @Test
  void aDownloadBeginsByRemovingWhatNoRunCanGoOnWith() throws IOException {
    leftInStore("00000000bbbbbbbb");
    try (BlobStore store = BlobStore.layout(store())) {
      Partial partial = store.open(new Descriptor(SHA256, OptionalLong.empty(), List.of()));
      assertEquals(2, names(store().resolve(".modelbake")).size(), "the lock and the new one");
      partial.discard();
    }
  }

  @Test
  void aStoreIsAnOciImageLayout() throws IOException {
    BlobStore store = BlobStore.layout(store());
    Blob blob = store.admit(write(store, "abc"), WANTED, "x");
    assertEquals(store().resolve("blobs/sha256").resolve(SHA256.hex()), blob.path());
    assertEquals("rw-r--r--", permissions(blob.path()));
    assertEquals(
        "{\"imageLayoutVersion\":\"1.0.0\"}", Files.readString(store().resolve("oci-layout")));
    assertTrue(Files.readString(store().resolve("index.json")).contains("\"schemaVersion\":2"));
    assertEquals(List.of(".modelbake", "blobs", "index.json", "oci-layout"), names(store()));
    assertEquals(List.of("lock"), names(store().resolve(".modelbake")));
    assertEquals(Optional.of(blob.path()), store.find(WANTED));
  }

  @Test
  void openingAStoreKeepsWhatIsInIt() throws IOException {
    BlobStore store = BlobStore.layout(store());
    store.admit(write(store, "abc"), WANTED, "x");
    Files.writeString(store().resolve("index.json"), "{\"schemaVersion\":2,\"more\":1}");
    BlobStore.layout(store());
    assertTrue(Files.readString(store().resolve("index.json")).contains("more"));
    assertTrue(BlobStore.layoutForReading(store()).find(WANTED).isPresent());
  }

  @Test
  @FaultCase(114)
  void writersOfTheSameBlobDoNotMeet() throws IOException {
    BlobStore one = BlobStore.layout(store());
    BlobStore two = BlobStore.layout(store());
    Partial first = write(one, "abc");
    Partial second = write(two, "abc");
    assertEquals(one.admit(first, WANTED, "x").path(), two.admit(second, WANTED, "x").path());
    assertEquals(List.of(SHA256.hex()), names(store().resolve("blobs/sha256")));
  }

  @Test
  void aBlobThatIsSetAsideIsFoundNoMore() throws IOException {
    BlobStore store = BlobStore.layout(store());
    Path blob = store.admit(write(store, "abc"), WANTED, "x").path();
    Path aside = store.setAside(blob);
    assertTrue(aside.getFileName().toString().startsWith(SHA256.hex() + ".bad-"));
    assertEquals(Optional.empty(), store.find(WANTED));
  }

  @Test
  void onlyPartialsThatNobodyCanStillWriteAreSwept() throws IOException {
    BlobStore store = BlobStore.layout(store());
    write(store, "ab").close();
    Path old = store().resolve(".modelbake").resolve("0-1.partial");
    Files.createFile(old);
    Files.setLastModifiedTime(old, FileTime.from(Instant.now().minus(Duration.ofDays(30))));
    BlobStore.layout(store());
    assertEquals(2, names(store().resolve(".modelbake")).size());
    assertFalse(Files.exists(old));
  }

  @Test
  void aDocumentThatAKilledRunLeftIsSwept() throws IOException {
    BlobStore.layout(store());
    Path old = Files.createFile(store().resolve(".modelbake/oci-layout1.tmp"));
    Path fresh = Files.createFile(store().resolve(".modelbake/oci-layout2.tmp"));
    Files.setLastModifiedTime(old, FileTime.from(Instant.now().minus(Duration.ofHours(2))));
    BlobStore.layout(store());
    assertFalse(Files.exists(old));
    assertTrue(Files.exists(fresh), "a run may be about to rename it");
  }

  @Test
  void aMissingStoreIsReadAsEmptyAndNotMade() throws IOException {
    assertEquals(Optional.empty(), BlobStore.layoutForReading(store()).find(WANTED));
    assertFalse(Files.exists(store()));
  }

  @Test
  void aPartialThatIsGoneWhenItIsLookedAtDoesNotCloseTheStore() throws IOException {
    Path root = directory.resolve("store");
    BlobStore.layout(root).close();
    // To whoever asks for its time it is as one that another run has just renamed.
    Files.createSymbolicLink(
        root.resolve(".modelbake/0.partial"), root.resolve(".modelbake/renamed"));
    BlobStore.layout(root).close();
  }
}
