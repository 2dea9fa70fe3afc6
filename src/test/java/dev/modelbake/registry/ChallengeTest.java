package dev.modelbake.registry;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ChallengeTest {
  private static List<Challenge> parse(String... values) {
    return Challenge.parse(List.of(values));
  }

  @Test
  void quotedStringsMayHoldCommasAndQuotes() {
    assertEquals(
        List.of(
            new Challenge(
                "bearer",
                Map.of(
                    "realm", "https://auth.example/token",
                    "service", "a \"b\"",
                    "scope", "repository:x:pull,push"))),
        parse(
            "Bearer realm=\"https://auth.example/token\",service=\"a \\\"b\\\"\","
                + "scope=\"repository:x:pull,push\""));
  }

  @Test
  void severalChallengesAreReadInOneValueOrInSeveral() {
    List<Challenge> both =
        List.of(
            new Challenge("basic", Map.of("realm", "r")),
            new Challenge("bearer", Map.of("realm", "https://x", "service", "s")));
    assertEquals(both, parse("Basic realm=\"r\", Bearer realm=\"https://x\", service=s"));
    assertEquals(both, parse("Basic realm=\"r\"", "BEARER Realm=\"https://x\" ,service=s"));
  }

  @Test
  void rubbishIsNoChallengeAndNoHarm() {
    assertEquals(List.of(), parse("", ",,,", "\"", "x".repeat(20_000)));
    assertDoesNotThrow(() -> parse("Bearer realm=", "Bearer realm=\"", "Bearer =x,=,\"\\"));
  }

  @Test
  void noMutationOfAChallengeBreaksTheReader() {
    Random random = new Random(7);
    String good = "Bearer realm=\"https://auth.example/token\",service=\"x\",error=\"y\"";
    for (int i = 0; i < 20_000; i++) {
      StringBuilder text = new StringBuilder(good);
      for (int n = random.nextInt(4); n >= 0; n--) {
        text.setCharAt(random.nextInt(text.length()), (char) random.nextInt(128));
      }
      assertDoesNotThrow(() -> parse(text.toString()), text.toString());
    }
  }
}
