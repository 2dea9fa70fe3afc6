package dev.modelbake.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class FoldedTest {
  @Test
  void wordsAndUrlsStayWholeAndWhatGoesOnIsSetIn() {
    assertEquals(
        """
        warning: rembg/u2netp.onnx:
          https://host.example/a/path/longer/than/others.onnx: HTTP
          404 (not found)""",
        Folded.at(
            60,
            "warning: rembg/u2netp.onnx: https://host.example/a/path/longer/than/others.onnx:"
                + " HTTP 404 (not found)"));
  }

  @Test
  void aLineThatIsSetInGoesOnFurtherIn() {
    assertEquals(
        "  to do: find out which bytes are right before you change\n    the pin",
        Folded.at(60, "  to do: find out which bytes are right before you change the pin"));
  }

  @Test
  void coloursTakeNoRoom() {
    String line =
        Style.COLORED.warning("warning:") + " exactly these sixty columns of text are filled by it";

    assertEquals(line, Folded.at(61, line));
    assertEquals(line.replace(" it", "\n  it"), Folded.at(60, line));
  }

  @Test
  void aWordLongerThanALineIsNotBroken() {
    String digest = "sha256:" + "a".repeat(64);

    assertEquals("expected\n  " + digest, Folded.at(60, "expected " + digest));
    assertEquals(digest, Folded.at(60, digest));
  }

  @Test
  void aTerminalTooNarrowToReadGetsTheLineAsItIs() {
    assertEquals("one two three four five six", Folded.at(20, "one two three four five six"));
  }
}
