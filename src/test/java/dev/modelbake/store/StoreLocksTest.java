package dev.modelbake.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.modelbake.model.Digest;
import dev.modelbake.testing.FaultCase;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoreLocksTest {
  private static final Digest ONE = Digest.ofBytes("1".getBytes(StandardCharsets.UTF_8));
  private static final Digest TWO = Digest.ofBytes("2".getBytes(StandardCharsets.UTF_8));

  @TempDir Path directory;

  private StoreLocks open() throws IOException {
    return StoreLocks.open(directory).orElseThrow();
  }

  @Test
  void aDigestIsTakenByOneAtATime() throws IOException {
    try (StoreLocks first = open();
        StoreLocks second = open()) {
      StoreLocks.Held held = first.take(ONE).orElseThrow();
      assertTrue(second.take(ONE).isEmpty());
      second.take(TWO).orElseThrow().close();
      held.close();
      second.take(ONE).orElseThrow().close();
    }
  }

  @Test
  void manyUseAStoreAndOneHasItAlone() throws IOException {
    try (StoreLocks third = open()) {
      try (StoreLocks first = open()) {
        assertTrue(first.use());
        assertTrue(first.use(), "again");
        try (StoreLocks second = open()) {
          assertTrue(second.use());
        }
        assertTrue(third.own().isEmpty());
      }
      try (StoreLocks fourth = open()) {
        StoreLocks.Held alone = third.own().orElseThrow();
        try (alone) {
          assertFalse(fourth.use());
        }
        assertTrue(fourth.use());
      }
    }
  }

  @Test
  @FaultCase(117)
  void closingOneUserLeavesTheLocksOfAnother() throws IOException {
    try (StoreLocks first = open()) {
      StoreLocks.Held held = first.take(ONE).orElseThrow();
      open().close();
      try (StoreLocks second = open()) {
        assertTrue(second.take(ONE).isEmpty());
      }
      held.close();
    }
  }

  @Test
  @FaultCase(116)
  void whereNothingCanBeWrittenThereAreNoLocks() {
    assertEquals(Optional.empty(), StoreLocks.open(directory.resolve("absent")));
  }

  @Test
  void everyUserOfAStoreMayLockIt() throws IOException {
    open().close();
    String mode =
        PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve("lock")));
    assertTrue(mode.startsWith("rw-"), mode);
  }
}
