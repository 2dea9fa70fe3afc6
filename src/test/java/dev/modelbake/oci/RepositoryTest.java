package dev.modelbake.oci;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.modelbake.model.Digest;
import dev.modelbake.oci.Repository.BlobReference;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RepositoryTest {
  @Test
  void aRepositoryIsAHostAndAName() {
    Repository repository = Repository.parse("oci://Registry.example:5000/project/models/");
    assertEquals(new Repository("registry.example:5000", "project/models"), repository);
    assertEquals("oci://registry.example:5000/project/models", repository.toString());
    assertEquals(
        new BlobReference(repository, Digest.OF_NOTHING),
        BlobReference.parse(repository.blob(Digest.OF_NOTHING)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "oci://registry.example",
        "oci://registry.example/",
        "oci://registry.example/Models",
        "oci://registry.example/a/../b",
        "oci://registry.example/a//b",
        "oci://registry.example/a?b=c",
        "oci://user:secret@registry.example/a",
        "https://registry.example/a",
        "oci:///a"
      })
  void whatIsNoneIsRefused(String text) {
    assertThrows(IllegalArgumentException.class, () -> Repository.parse(text));
  }

  @Test
  void aModelsTagIsItsNameWithoutWhatNoTagHas() {
    assertEquals(
        Map.of(
            "rembg/u2net", "rembg--u2net",
            "Org/Model v1.5", "org--model-v1.5",
            "-x", "_-x"),
        Tags.of(List.of("rembg/u2net", "Org/Model v1.5", "-x")));
  }

  @Test
  void tagsThatWouldBeTheSameAreToldApart() {
    Map<String, String> tags = Tags.of(List.of("a/b", "A/b", "modelbake-index", "x".repeat(200)));
    assertEquals(4, tags.values().stream().distinct().count());
    assertTrue(tags.get("a/b").startsWith("a--b-"), tags.toString());
    assertTrue(!tags.containsValue("modelbake-index"), tags.toString());
    tags.values().forEach(tag -> assertTrue(tag.matches("[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}"), tag));
    assertEquals(tags, Tags.of(List.of("a/b", "A/b", "modelbake-index", "x".repeat(200))));
  }
}
