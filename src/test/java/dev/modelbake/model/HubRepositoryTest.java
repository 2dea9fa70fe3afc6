package dev.modelbake.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HubRepositoryTest {
  private static HubRepository repository(HubRepository.Kind kind, String id, String revision) {
    return new HubRepository(
        kind, id, new Text(revision, Location.of("models.yaml")), Optional.of("main"));
  }

  @ParameterizedTest
  @CsvSource({
    "MODEL, gpt2, main, config.json, /gpt2/resolve/main/config.json",
    "MODEL, org/name, v1, a/b c.bin, /org/name/resolve/v1/a/b%20c.bin",
    "DATASET, org/name, refs/pr/1, x, /datasets/org/name/resolve/refs%2Fpr%2F1/x",
    "SPACE, org/name, main, 50%/#1?.txt, /spaces/org/name/resolve/main/50%25/%231%3F.txt",
    "MODEL, org/name, main, über/模型+1.onnx, "
        + "/org/name/resolve/main/%C3%BCber/%E6%A8%A1%E5%9E%8B%2B1.onnx"
  })
  void aFileHasOneAddressWhateverItsName(
      HubRepository.Kind kind, String id, String revision, String path, String url) {
    String expected = "https://hub.example" + url;
    String actual = repository(kind, id, revision).url("https://hub.example", path);
    assertEquals(expected, actual);
    assertEquals(expected, SourceUrl.parse(actual).toString());
  }

  @Test
  void atACommitItIsTheSameRepository() {
    String commit = "0123456789abcdef0123456789abcdef01234567";
    HubRepository branch = repository(HubRepository.Kind.DATASET, "org/name", "main");
    HubRepository pinned = branch.at(commit);
    assertFalse(branch.isPinned());
    assertTrue(pinned.isPinned());
    assertEquals(Optional.of("main"), pinned.ref());
    assertEquals(branch.page("https://h"), pinned.page("https://h"));
    assertEquals("https://h/api/datasets/org/name/tree/" + commit, pinned.tree("https://h"));
  }
}
