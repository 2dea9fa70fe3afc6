package dev.modelbake.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.modelbake.model.DiskException;
import dev.modelbake.testing.DiskPicture;
import dev.modelbake.testing.OtherProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TemporaryDirectoryTest {
  private static final String PREFIX = "modelbake-pin-";

  @TempDir Path parent;

  private Path left(String name) throws IOException {
    Path directory = Files.createDirectories(parent.resolve(name).resolve("work")).getParent();
    Files.writeString(directory.resolve("work/file"), "bytes");
    Files.createFile(directory.resolve("lock"));
    return directory;
  }

  private void run() {
    TemporaryDirectory.during(parent, PREFIX, directory -> directory);
  }

  @Test
  void itIsEmptyPrivateAndGoneAfterwards() throws IOException {
    boolean empty =
        TemporaryDirectory.during(
            parent,
            PREFIX,
            directory -> {
              assertTrue(directory.startsWith(parent));
              return directory.toFile().list().length == 0;
            });
    assertTrue(empty);
    assertEquals("", DiskPicture.names(parent));
  }

  /** What fills it is told where else it could be. */
  @Test
  void aFailureOfItsDiskNamesTheOption() {
    assertEquals(
        "making room – x: No space left on device – make room there, or name a directory on another"
            + " disk with --temp",
        remedied(parent.resolve("x").toString(), true));
    assertEquals(
        "making room – x: No space left on device – free some",
        remedied(parent.resolve("x").toString(), false));
  }

  private String remedied(String path, boolean inside) {
    return assertThrows(
            DiskException.class,
            () ->
                TemporaryDirectory.during(
                    parent,
                    PREFIX,
                    directory -> {
                      throw new DiskException(
                          "making room",
                          inside ? directory.resolve("x").toString() : path,
                          "x: No space left on device",
                          "free some",
                          null);
                    }))
        .explanation()
        .toString();
  }

  @Test
  void whatAKilledRunLeftIsRemovedAndLinksAreNotFollowed() throws IOException {
    Path mine = Files.writeString(parent.resolve("mine"), "mine");
    Files.createSymbolicLink(left(PREFIX + "17").resolve("work/link"), mine);
    Path directory = Files.createDirectory(parent.resolve("directory"));
    Files.createFile(directory.resolve("lock"));
    Files.createSymbolicLink(parent.resolve(PREFIX + "18"), directory);
    run();
    assertEquals("directory\ndirectory/lock\nmine\n" + PREFIX + "18", DiskPicture.names(parent));
  }

  @Test
  void whatALivingRunHasStays() throws IOException {
    Path living = left(PREFIX + "17");
    try (OtherProcess other = OtherProcess.holding(living.resolve("lock"))) {
      run();
      assertTrue(other.isAlive());
      assertTrue(Files.exists(living.resolve("work/file")));
    }
    run();
    assertFalse(Files.exists(living));
  }

  @Test
  void runsOfOneProcessLeaveEachOtherAlone() {
    TemporaryDirectory.during(
        parent,
        PREFIX,
        outer -> {
          run();
          assertTrue(Files.exists(outer));
          return outer;
        });
  }

  @Test
  void otherNamesAreNobodysBusiness() throws IOException {
    Path other = left(PREFIX + "17x");
    Path none = left("modelbake-pinned-17");
    run();
    assertTrue(Files.exists(other) && Files.exists(none));
  }

  @Test
  void oneThatHasNoLockYetIsLeftAnHour() throws IOException {
    Path begun = left(PREFIX + "17");
    Files.delete(begun.resolve("lock"));
    run();
    assertTrue(Files.exists(begun));
    Files.setLastModifiedTime(begun, FileTime.from(Instant.now().minus(Duration.ofHours(2))));
    run();
    assertFalse(Files.exists(begun));
  }
}
