package dev.modelbake.guard;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class DiscreetTest {
  @Test
  void secretsOfACommandAreNotTold() {
    assertEquals(
        List.of(
            "curl",
            "https://models.example/a?…",
            "-H",
            "…",
            "--token",
            "…",
            "API_KEY=…",
            "-o",
            "x"),
        Discreet.words(
            List.of(
                "curl",
                "https://user:SECRET@models.example/a?token=SECRET",
                "-H",
                "Authorization: Bearer SECRET",
                "--token",
                "SECRET",
                "API_KEY=SECRET",
                "-o",
                "x")));
  }

  @Test
  void aLineIsReadWordByWord() {
    assertEquals(
        "python3 -I cred.py https://models.example/a?…",
        Discreet.line("python3 -I cred.py https://u:SECRET@models.example/a?x=SECRET"));
  }
}
