package dev.modelbake.manifest;

import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.modelbake.manifest.ManifestReader.Reading;
import dev.modelbake.model.ManifestException;
import dev.modelbake.model.Problem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Manifests for tests, and what came of reading them. */
final class Manifests {
  static final String SHA256 = "a".repeat(64);

  private Manifests() {}

  /** Lines 1 to 6 of a manifest that a file entry of one line may follow as line 7, column 9. */
  static final String HEAD =
      """
      schema: modelbake/1
      models:
        - name: a/b
          dir: /opt/models
          groups: [g]
          files:
      """;

  /** A manifest whose one file entry, on line 7 in flow style, has these keys. */
  static String file(String keys) {
    return HEAD + "      - {" + keys + "}\n";
  }

  /** A manifest whose one pinned file, on line 7, has these further keys at column 100. */
  static String pinned(String keys) {
    return file("url: \"https://h/x\", sha256: " + SHA256 + ", " + keys);
  }

  static Reading read(Path folder, String text) {
    return ManifestReader.read(List.of(write(folder, text)));
  }

  static Path write(Path folder, String text) {
    try {
      return Files.write(folder.resolve("models.yaml"), text.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The errors of a manifest that cannot be used. */
  static List<Problem> errors(Path folder, String text) {
    return assertThrows(ManifestException.class, () -> read(folder, text), text).problems().stream()
        .filter(problem -> problem.severity() == Problem.Severity.ERROR)
        .toList();
  }

  /** Each problem as {@code line:column rule}; only the rule when the whole file is meant. */
  static List<String> places(List<Problem> problems) {
    return problems.stream()
        .map(
            problem ->
                problem.at().line() == 0
                    ? problem.rule()
                    : problem.at().line() + ":" + problem.at().column() + " " + problem.rule())
        .toList();
  }
}
