package dev.modelbake.guard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OrderedTest {
  @TempDir Path directory;

  private Ordered line(String text) {
    return new Ordered(text, directory, Optional.empty(), 0);
  }

  @ParameterizedTest
  @CsvSource({
    "curl -O https://h.example/a.onnx, https://h.example/a.onnx",
    "sh -c 'curl -o x \"https://h.example/a?id=1&x=2\"; ls', https://h.example/a?id=1&x=2",
    "sh -c 'curl https://h.example/a; ls', https://h.example/a",
    "curl --url=https://h.example/a>out, https://h.example/a",
    "(wget http://h.example/a), http://h.example/a",
  })
  void aUrlIsTakenOutOfWhateverStandsAroundIt(String line, String url) {
    assertEquals(List.of(url), line(line).urls());
  }

  @Test
  void filesAreTheWordsOfTheLineAndTheEndOfTheUrlInItsDirectories() throws IOException {
    Path models = Files.createDirectory(directory.resolve("models"));
    assertTrue(
        line("wget -q -P models https://user:pw@h.example/x/a.onnx?token=1")
            .files()
            .containsAll(List.of(models.resolve("a.onnx"), directory.resolve("a.onnx"))));
    assertTrue(
        line("curl --output=models/b.onnx https://h.example/x")
            .files()
            .contains(models.resolve("b.onnx")));
  }

  @Test
  void aLineWithoutAUrlNamesNoFiles() {
    assertTrue(line("cp a b").files().isEmpty());
  }
}
