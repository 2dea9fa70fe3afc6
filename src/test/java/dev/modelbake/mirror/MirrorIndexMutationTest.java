package dev.modelbake.mirror;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.modelbake.mirror.MirrorIndex.MirrorFile;
import dev.modelbake.mirror.MirrorIndex.MirrorModel;
import dev.modelbake.model.MirrorException;
import dev.modelbake.testing.Mutants;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class MirrorIndexMutationTest {
  private static final String GOOD =
      """
      {
        "schema": "modelbake-index/1",
        "name": "models",
        "counter": 7,
        "models": [
          {
            "name": "org/m",
            "license": "MIT",
            "files": [
              {
                "path": "dir/f",
                "digest": "sha256:%s",
                "size": 12,
                "source": "https://origin.example/f"
              }
            ]
          }
        ],
        "tool": []
      }
      """
          .formatted("0123456789abcdef".repeat(4));

  @Test
  void aDamagedIndexIsReadOrToldAndNoPathOfItLeaves() {
    Mutants.of(GOOD)
        .with(
            "../",
            "/etc",
            "\"path\":",
            "\"files\": [",
            "sha512:",
            "\"size\": -1",
            "\\/..",
            "\\ud800",
            "\\u0000")
        .read(
            bytes -> {
              try {
                MirrorIndex index = MirrorIndexJson.read("test", bytes);
                index.models().forEach(MirrorIndexMutationTest::isInside);
                assertEquals(index, MirrorIndexJson.read("test", MirrorIndexJson.write(index)));
              } catch (MirrorException e) {
                e.explanation();
              }
            });
  }

  private static void isInside(MirrorModel model) {
    for (MirrorFile file : model.files()) {
      Path path = Path.of(file.path());
      assertEquals(path, path.normalize());
      assertEquals(false, path.isAbsolute() || path.startsWith(".."));
    }
  }
}
