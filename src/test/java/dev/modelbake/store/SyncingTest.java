package dev.modelbake.store;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SyncingTest {
  @TempDir Path directory;

  private List<Path> files(int number) throws IOException {
    List<Path> files = new ArrayList<>();
    for (int i = 0; i < number; i++) {
      files.add(Files.writeString(directory.resolve("f" + i), "x"));
    }
    return files;
  }

  /** A program that notes its arguments and ends with a code. */
  private Path program(int code) throws IOException {
    Path program = directory.resolve("sync" + code);
    Files.writeString(
        program, "#!/bin/sh\necho \"$*\" >> '%s'\nexit %d\n".formatted(noted(), code));
    return Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
  }

  private Path noted() {
    return directory.resolve("noted");
  }

  @Test
  void aTreeIsSyncedByOnePassOverItsFileSystem() throws IOException {
    assertTrue(Syncing.together(files(300), List.of(program(0))));
    List<String> calls = Files.readAllLines(noted());
    assertEquals(1, calls.size());
    assertTrue(calls.get(0).startsWith("-f " + directory), calls.toString());
  }

  @Test
  void withoutTheProgramOrWithAnOldOneEveryFileIsSynced() throws IOException {
    List<Path> files = files(300);
    assertFalse(Syncing.together(files, List.of(directory.resolve("none"))));
    assertFalse(Syncing.together(files, List.of(program(1))));
    assertDoesNotThrow(() -> Syncing.all(files));
  }

  @Test
  void aFileThatIsNotThereIsAnErrorEitherWay() throws IOException {
    List<Path> few = files(3);
    few.add(directory.resolve("absent"));
    assertThrows(NoSuchFileException.class, () -> Syncing.all(few));
  }
}
