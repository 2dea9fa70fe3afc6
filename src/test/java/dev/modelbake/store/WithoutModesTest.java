package dev.modelbake.store;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.modelbake.model.Owner;
import dev.modelbake.publish.Stat;
import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file system without owners and modes, as that of Windows; here that of a zip stands for it. */
class WithoutModesTest {
  @TempDir Path temp;

  private FileSystem zip() throws IOException {
    URI place = URI.create("jar:" + temp.resolve("files.zip").toUri());
    return FileSystems.newFileSystem(place, Map.of("create", "true"));
  }

  @Test
  void filesAreTheRunningUsersWithUsualModes() throws IOException {
    try (FileSystem zip = zip()) {
      Path directory = Files.createDirectory(zip.getPath("/models"));
      Path file = Files.writeString(directory.resolve("a"), "abc");
      Stat found = Stat.of(file).orElseThrow();
      assertEquals(Stat.Type.FILE, found.type());
      assertEquals(3, found.size());
      assertEquals(0644, found.permissions());
      assertEquals(new Owner(0, 0), found.owner());
      assertEquals(Stat.Type.DIRECTORY, Stat.of(directory).orElseThrow().type());
      assertEquals(Optional.empty(), Stat.of(zip.getPath("/none")));
    }
  }

  @Test
  void whatIsNotProvenHasNoModeAndDirectoriesAreNotSynced() throws IOException {
    try (FileSystem zip = zip()) {
      Path directory = Files.createDirectory(zip.getPath("/models"));
      assertEquals(0, Privacy.at(directory).length);
      assertEquals(1, Privacy.at(temp).length);
      Syncing.one(directory);
    }
  }
}
