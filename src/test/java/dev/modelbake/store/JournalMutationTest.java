package dev.modelbake.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.modelbake.model.Descriptor;
import dev.modelbake.model.Digest;
import dev.modelbake.testing.Mutants;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Journals that a crash, a disk or somebody has damaged. */
class JournalMutationTest {
  private static final byte[] BYTES =
      "0123456789abcdefghijklmnopqrstuvwxyz".getBytes(StandardCharsets.US_ASCII);
  private static final Descriptor WANTED = Descriptor.of(Digest.ofBytes(BYTES), BYTES.length);

  @TempDir Path directory;

  private static String line(String text) {
    CRC32C crc = new CRC32C();
    crc.update(text.getBytes(StandardCharsets.UTF_8));
    return HexFormat.of().toHexDigits((int) crc.getValue()) + " " + text + "\n";
  }

  private static String journal(String... lines) {
    StringBuilder all =
        new StringBuilder(
            line("modelbake-journal 1 " + WANTED.digest().hex() + " " + BYTES.length));
    Stream.of(lines).forEach(one -> all.append(line(one)));
    return all.toString();
  }

  /** A store with a partial of the first half, and this journal. */
  private void left(byte[] journal) throws IOException {
    Path work = Files.createDirectories(directory.resolve(".modelbake"));
    try (Stream<Path> files = Files.list(work)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Files.delete(file);
      }
    }
    Path partial = work.resolve(WANTED.digest().hex() + "-0011223344556677.partial");
    Files.write(partial, java.util.Arrays.copyOf(BYTES, BYTES.length / 2));
    Files.write(Partial.journalOf(partial), journal);
  }

  /** Whatever the journal says, the bytes in the end are the pinned ones. */
  private void resume(byte[] journal) throws IOException {
    left(journal);
    try (BlobStore store = BlobStore.layout(directory);
        Partial partial = store.open(WANTED)) {
      assertTrue(partial.length() <= BYTES.length / 2, "no more than there is");
      partial.restart();
      partial.write(ByteBuffer.wrap(BYTES));
      Blob blob = store.admit(partial, WANTED, "test");
      assertArrayEquals(BYTES, Files.readAllBytes(blob.path()));
      Files.delete(blob.path());
    }
  }

  @Test
  void aDamagedJournalCostsATransferAndNothingElse() {
    String good =
        journal(
            "source 0123456789abcdef0123456789abcdef \"v1\"",
            "extent 0 10",
            "extent 10 18",
            "prefix 10 " + Digest.ofBytes(java.util.Arrays.copyOf(BYTES, 10)).hex());
    Mutants.of(good).with("extent 5 9", "prefix 3 ", "source x").read(200, this::resume);
  }

  @Test
  void aJournalWithRightSumsMaySayAnything() {
    String[] lines = {
      "source x \"v\"", "extent 0 18", "extent 20 30", "prefix 18 " + "0".repeat(64)
    };
    Mutants.of(String.join("\n", lines))
        .with(
            "extent 0 9223372036854775807",
            "extent -5 3",
            "extent 7 7",
            "extent",
            "source",
            "prefix")
        .read(
            400,
            bytes -> {
              String text = new String(bytes, StandardCharsets.UTF_8);
              if (text.length() < 2000) {
                resume(journal(text.split("\n", -1)).getBytes(StandardCharsets.UTF_8));
              }
            });
  }

  @Test
  void aJournalOfALaterVersionIsLeftClosed() throws IOException {
    left(journal("later 1").getBytes(StandardCharsets.UTF_8));
    Path journal;
    try (Stream<Path> files = Files.list(directory.resolve(".modelbake"))) {
      journal =
          files.filter(file -> file.toString().endsWith(".journal")).findFirst().orElseThrow();
    }
    for (int i = 0; i < 2; i++) {
      int before = descriptors();
      try {
        assertEquals(Optional.empty(), Journal.take(journal, WANTED.digest(), BYTES.length));
      } catch (IOException e) {
        assertEquals(before, descriptors(), "the file is closed");
      }
    }
  }

  private static int descriptors() throws IOException {
    try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
      return (int) open.count();
    }
  }
}
