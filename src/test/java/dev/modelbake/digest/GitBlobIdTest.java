package dev.modelbake.digest;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The expected ids are those that `git hash-object` prints. */
class GitBlobIdTest {
  @Test
  void noBytesHaveTheIdThatGitGivesThem() {
    assertEquals("e69de29bb2d1d6434b8b29ae775ad8c2e48c5391", GitBlobId.ofSize(0).hex());
  }

  @Test
  void bytesMayComeInPieces() {
    GitBlobId id = GitBlobId.ofSize(12);
    id.update(ByteBuffer.wrap("hello ".getBytes(StandardCharsets.UTF_8)));
    id.update(ByteBuffer.wrap("world\n".getBytes(StandardCharsets.UTF_8)));
    assertEquals("3b18e512dba79e4c8300dd08aeb37f8e728b8dad", id.hex());
  }

  @Test
  void aFileHasTheIdOfItsBytes(@TempDir Path folder) throws Exception {
    Path file = Files.writeString(folder.resolve("file"), "hello world\n");
    assertEquals("3b18e512dba79e4c8300dd08aeb37f8e728b8dad", GitBlobId.of(file));
  }
}
