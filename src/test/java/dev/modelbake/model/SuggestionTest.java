package dev.modelbake.model;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SuggestionTest {
  private static final List<String> KEYS =
      List.of("url", "mirrors", "sha256", "size", "unpack", "unpacked", "max-size", "dir-mode");

  @Test
  void oneSlipOfTheFingerIsFound() {
    assertEquals(Optional.of("url"), Suggestion.closest("ulr", KEYS));
    assertEquals(Optional.of("url"), Suggestion.closest("urls", KEYS));
    assertEquals(Optional.of("url"), Suggestion.closest("ur", KEYS));
    assertEquals(Optional.of("size"), Suggestion.closest("sise", KEYS));
    assertEquals(Optional.of("sha256"), Suggestion.closest("sha265", KEYS));
    assertEquals(Optional.of("mirrors"), Suggestion.closest("miror", KEYS));
  }

  @Test
  void caseAndUnderscoresDoNotCount() {
    assertEquals(Optional.of("max-size"), Suggestion.closest("MAX_SIZE", KEYS));
    assertEquals(Optional.of("dir-mode"), Suggestion.closest("dirMode", KEYS));
  }

  @Test
  void theNearestWins() {
    assertEquals(Optional.of("unpack"), Suggestion.closest("unpak", KEYS));
    assertEquals(Optional.of("unpacked"), Suggestion.closest("unpackd", KEYS));
    assertEquals(Optional.of("ab"), Suggestion.closest("abc", List.of("ab", "bc")));
  }

  @Test
  void aFarWordIsNoSuggestion() {
    assertEquals(Optional.empty(), Suggestion.closest("checksum", KEYS));
    assertEquals(Optional.empty(), Suggestion.closest("", KEYS));
    assertEquals(Optional.empty(), Suggestion.closest("x", List.of("y", "")));
    assertEquals(Optional.empty(), Suggestion.closest("url", List.of()));
    assertEquals(Optional.empty(), Suggestion.closest("u".repeat(100_000), KEYS));
  }

  @Test
  void theFirstPartOfANameMayBeLeftOut() {
    List<String> names = List.of("rembg/u2net", "rembg/u2netp", "dlib/face-detector");
    assertEquals(Optional.of("rembg/u2netp"), Suggestion.closestName("u2netp", names));
    assertEquals(Optional.of("rembg/u2netp"), Suggestion.closestName("u2nept", names));
    assertEquals(Optional.of("rembg/u2netp"), Suggestion.closestName("rembg/u2nept", names));
    assertEquals(Optional.of("rembg/u2netp"), Suggestion.closestName("remove/u2netp", names));
    assertEquals(Optional.empty(), Suggestion.closestName("whisper", names));
  }
}
