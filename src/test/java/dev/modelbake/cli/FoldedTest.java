package dev.modelbake.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class FoldedTest {
  @Test
  void wordsAndUrlsStayWholeAndWhatGoesOnIsSetIn() {
    assertEquals(
        """
        warning: rembg/u2netp.onnx:
          https://host.example/a/long/path.onnx:
          HTTP 404 (not found)""",
        Folded.at(
            40,
            "warning: rembg/u2netp.onnx: https://host.example/a/long/path.onnx: HTTP 404 (not"
                + " found)"));
  }

  @Test
  void aLineThatIsSetInGoesOnFurtherIn() {
    assertEquals(
        "  to do: find out which bytes are right\n    before changing the pin",
        Folded.at(40, "  to do: find out which bytes are right before changing the pin"));
  }

  @Test
  void coloursTakeNoRoom() {
    String line = Style.COLORED.warning("warning:") + " exactly forty columns of text her";

    assertEquals(line, Folded.at(42, line));
    assertEquals(line.replace(" her", "\n  her"), Folded.at(41, line));
  }

  @Test
  void aWordLongerThanALineIsNotBroken() {
    String digest = "sha256:" + "a".repeat(64);

    assertEquals("expected\n  " + digest, Folded.at(40, "expected " + digest));
    assertEquals(digest, Folded.at(40, digest));
  }

  @Test
  void aTerminalTooNarrowToReadGetsTheLineAsItIs() {
    assertEquals("one two three four five six", Folded.at(20, "one two three four five six"));
  }
}
