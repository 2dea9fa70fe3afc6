package dev.modelbake.digest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GitBlobIdTest {
  @TempDir Path directory;

  /** The names are those that {@code git hash-object} gives. */
  @ParameterizedTest
  @CsvSource({
    "0, e69de29bb2d1d6434b8b29ae775ad8c2e48c5391",
    "1, 2e65efe2a145dda7ee51d1741299f848e5bf752e",
    "65536, dbdcf4b7feebd9fab1c18b1b8c016c8e56f33962",
    "200000, 42b8cf7fc8396422e1c666ca97b6d4541073d850"
  })
  void itIsWhatGitCallsAFileOfThatManyLettersA(int size, String id) throws IOException {
    Path file = directory.resolve("file");
    Files.write(file, "a".repeat(size).getBytes(StandardCharsets.US_ASCII));
    assertEquals(id, GitBlobId.of(file));
  }

  @Test
  void aLinkHasNone() throws IOException {
    Path file = Files.writeString(directory.resolve("file"), "a");
    Path link = Files.createSymbolicLink(directory.resolve("link"), file);
    assertThrows(IOException.class, () -> GitBlobId.of(link));
  }
}
