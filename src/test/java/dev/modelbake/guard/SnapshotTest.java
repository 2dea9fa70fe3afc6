package dev.modelbake.guard;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SnapshotTest {
  @TempDir Path directory;

  @Test
  void whatIsNewOrChangedIsFoundAndWhatStayedIsNot() throws IOException {
    Path stays = Files.writeString(directory.resolve("stays"), "a");
    Path changes = Files.writeString(directory.resolve("changes"), "a");
    Snapshot before = Snapshot.of(List.of(directory, directory.resolve("later")));
    Files.writeString(changes, "longer");
    Path made = Files.createDirectories(directory.resolve("later/deep")).resolve("made");
    Files.writeString(made, "b");
    Path link = Files.createSymbolicLink(directory.resolve("link"), stays);
    Files.createDirectories(directory.resolve("__pycache__"));
    Files.writeString(directory.resolve("__pycache__/x"), "c");
    assertEquals(
        List.of(changes, made, link),
        Snapshot.of(List.of(directory, directory.resolve("later"))).since(before));
  }

  @Test
  void aFileReplacedByOneOfTheSameSizeIsNew() throws IOException {
    Path file = Files.writeString(directory.resolve("file"), "old");
    Snapshot before = Snapshot.of(List.of(directory));
    Path other = Files.writeString(directory.resolve("other"), "new");
    Files.move(other, file, StandardCopyOption.REPLACE_EXISTING);
    assertEquals(List.of(file), Snapshot.of(List.of(directory)).since(before));
  }

  @Test
  void singleFilesAreAddedWhenTheyAreThere() throws IOException {
    Path file = Files.writeString(directory.resolve("file"), "x");
    Snapshot snapshot = Snapshot.of(List.of());
    FileTime past = FileTime.from(Instant.parse("2020-01-01T00:00:00Z"));
    Files.setLastModifiedTime(file, past); // as an archive or a header says
    snapshot.add(List.of(file, directory.resolve("gone"), directory), past);
    assertEquals(List.of(file), snapshot.since(Snapshot.of(List.of())));
  }

  @Test
  void singleFilesThatNobodyTouchedAreNotAdded() throws IOException {
    Path file = Files.writeString(directory.resolve("file"), "x");
    Snapshot snapshot = Snapshot.of(List.of());
    snapshot.add(List.of(file), FileTime.from(Instant.now().plusSeconds(3600)));
    assertEquals(List.of(), snapshot.since(Snapshot.of(List.of())));
  }

  @Test
  void whatWasWrittenOrPutThereSinceATimeIsFoundWithoutAnEarlierLook() throws IOException {
    Path old = Files.createDirectories(directory.resolve("old"));
    Path touched = Files.createDirectories(directory.resolve("touched"));
    Path rewritten = Files.writeString(old.resolve("rewritten"), "a");
    Path stays = Files.writeString(old.resolve("stays"), "a");
    FileTime past = FileTime.from(Instant.parse("2020-01-01T00:00:00Z"));
    Files.setLastModifiedTime(stays, past);
    Files.setLastModifiedTime(old, past);
    FileTime start = FileTime.from(Instant.parse("2021-01-01T00:00:00Z"));
    Path brought = Files.writeString(touched.resolve("brought"), "b");
    Files.setLastModifiedTime(brought, past);
    Snapshot snapshot = Snapshot.of(List.of());
    snapshot.addChanged(List.of(directory), start);
    assertEquals(List.of(rewritten, brought), snapshot.since(Snapshot.of(List.of())));
  }
}
