package dev.modelbake.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.modelbake.digest.Hasher;
import dev.modelbake.model.Descriptor;
import dev.modelbake.model.DigestMismatchException;
import dev.modelbake.model.SourceUrl;
import dev.modelbake.testing.FaultCase;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What one run leaves of a download, and what the next makes of it. */
class ResumeTest {
  private static final int SIZE = 130 << 20;
  private static final byte[] BYTES = new byte[SIZE];
  private static final Descriptor WANTED;
  private static final int MILE = 64 << 20;

  static {
    new Random(7).nextBytes(BYTES);
    Hasher hasher = Hasher.of(List.of());
    hasher.update(ByteBuffer.wrap(BYTES));
    WANTED = Descriptor.of(hasher.finish().sha256(), SIZE);
  }

  @TempDir Path directory;

  private static void write(Partial partial, int from, int to) throws IOException {
    try (Partial.Stretch stretch = partial.at(from)) {
      for (int at = from; at < to; at += 1 << 20) {
        stretch.write(ByteBuffer.wrap(BYTES, at, Math.min(1 << 20, to - at)));
      }
    }
  }

  /** A store in which a run left some bytes. */
  private BlobStore left(int... bounds) throws IOException {
    BlobStore store = BlobStore.staging(directory);
    Partial partial = store.open(WANTED);
    for (int i = 0; i < bounds.length; i += 2) {
      write(partial, bounds[i], bounds[i + 1]);
    }
    store.leave(partial, WANTED);
    return store;
  }

  private Path only(String ending) throws IOException {
    try (var files = Files.list(directory)) {
      List<Path> found = files.filter(file -> file.toString().endsWith(ending)).toList();
      assertEquals(1, found.size(), found.toString());
      return found.get(0);
    }
  }

  private static void overwrite(Path file, long at, String text) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)), at);
    }
  }

  private void completes(BlobStore store, Partial partial) throws IOException {
    for (Extent gap : partial.gaps(SIZE)) {
      write(partial, (int) gap.from(), (int) gap.to());
    }
    Blob blob = store.admit(partial, WANTED, "x");
    assertArrayEquals(BYTES, Files.readAllBytes(blob.path()));
    try (var files = Files.list(directory)) {
      assertEquals(1, files.count(), "only the blob is left");
    }
  }

  @Test
  void bytesInAnyOrderAreOneBlob() throws IOException {
    BlobStore store = BlobStore.staging(directory);
    Partial partial = store.open(WANTED);
    write(partial, MILE, SIZE);
    assertEquals(0, partial.length());
    write(partial, 0, MILE + 5);
    completes(store, partial);
  }

  @Test
  void anotherRunGoesOnWithEverythingThatWasWritten() throws IOException {
    BlobStore store = left(0, MILE + 9, 100 << 20, 110 << 20);
    Partial partial = store.open(WANTED);
    assertEquals(
        List.of(new Extent(MILE + 9, 100 << 20), new Extent(110 << 20, SIZE)), partial.gaps(SIZE));
    completes(store, partial);
  }

  @Test
  void theSourceAndItsVersionAreRemembered() throws IOException {
    BlobStore store = BlobStore.staging(directory);
    Partial partial = store.open(WANTED);
    SourceUrl url = SourceUrl.parse("https://a.example/m?token=geheim");
    partial.comesFrom(Validator.of(url, Optional.of("\"v1\"")));
    write(partial, 0, 1);
    store.leave(partial, WANTED);
    assertFalse(Files.readString(only(".journal")).contains("geheim"));
    Validator origin = store.open(WANTED).origin().orElseThrow();
    assertTrue(origin.isSameSource(Validator.of(url, Optional.empty())));
    assertEquals(Optional.of("\"v1\""), origin.tag());
  }

  @Test
  @FaultCase(65)
  void aPartialIsPrivate() throws IOException {
    left(0, 5);
    for (String ending : List.of(".partial", ".journal")) {
      assertEquals(
          "rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(only(ending))));
    }
  }

  @Test
  void bytesThatChangedBeforeAMilestoneAreFetchedAgainFromTheMilestoneBefore() throws IOException {
    BlobStore store = left(0, SIZE - 1);
    // Going on hashes what is there, up to its end, and so surely notes every milestone.
    store.leave(store.open(WANTED), WANTED);
    overwrite(only(".partial"), MILE + 1000, "rot");
    Partial partial = store.open(WANTED);
    assertEquals(List.of(new Extent(MILE, SIZE)), partial.gaps(SIZE));
    completes(store, partial);
  }

  @Test
  void bytesThatChangedBehindTheLastMilestoneAreNoBlob() throws IOException {
    BlobStore store = left(0, MILE - 5);
    overwrite(only(".partial"), 1000, "rot");
    Partial partial = store.open(WANTED);
    write(partial, MILE - 5, SIZE);
    assertThrows(DigestMismatchException.class, () -> store.admit(partial, WANTED, "x"));
  }

  @Test
  @FaultCase(101)
  void aJournalIsBelievedUpToItsFirstTornLine() throws IOException {
    BlobStore store = left(0, 8 << 20);
    Path journal = only(".journal");
    List<String> lines = Files.readAllLines(journal);
    String torn = lines.get(lines.size() - 1);
    Files.writeString(
        journal, String.join("\n", lines.subList(0, lines.size() - 1)) + "\n" + torn.substring(1));
    assertEquals(4 << 20, store.open(WANTED).total());
  }

  @Test
  void aFileShorterThanItsJournalSaysHasWhatItHas() throws IOException {
    BlobStore store = left(0, 8 << 20);
    try (FileChannel channel = FileChannel.open(only(".partial"), StandardOpenOption.WRITE)) {
      channel.truncate(1000);
    }
    Partial partial = store.open(WANTED);
    assertEquals(1000, partial.total());
    completes(store, partial);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "garbage", "garbage\n", "\u0000\u0000\u0000\n"})
  void withoutAJournalNothingIsBelieved(String text) throws IOException {
    BlobStore store = left(0, 8 << 20);
    Files.writeString(only(".journal"), text);
    assertEquals(0, store.open(WANTED).total());
  }

  @Test
  @FaultCase(101)
  void aJournalAboutOtherBytesIsNotBelieved() throws IOException {
    BlobStore store = left(0, 8 << 20);
    assertEquals(0, store.open(Descriptor.of(WANTED.digest(), SIZE + 1L)).total());
  }

  @Test
  void whatARunStillWritesIsLeftAlone() throws IOException {
    BlobStore store = BlobStore.staging(directory);
    Partial first = store.open(WANTED);
    write(first, 0, 8 << 20);
    Partial second = BlobStore.staging(directory).open(WANTED);
    assertEquals(0, second.total());
    assertEquals(8 << 20, first.total());
    second.discard();
    completes(store, first);
  }

  @Test
  void restartingForgetsEverything() throws IOException {
    BlobStore store = BlobStore.staging(directory);
    Partial partial = store.open(WANTED);
    write(partial, 0, 70 << 20);
    partial.restart();
    assertEquals(List.of(new Extent(0, SIZE)), partial.gaps(SIZE));
    completes(store, partial);
  }

  @Test
  void nothingIsLeftOfWhatNobodyCanGoOnWith() throws IOException {
    BlobStore store = BlobStore.staging(directory);
    store.leave(store.open(WANTED), WANTED);
    Descriptor small = Descriptor.of(WANTED.digest(), 5);
    Partial partial = store.open(small);
    partial.write(ByteBuffer.wrap(Arrays.copyOf(BYTES, 2)));
    store.leave(partial, small);
    try (var files = Files.list(directory)) {
      assertEquals(0, files.count());
    }
  }
}
