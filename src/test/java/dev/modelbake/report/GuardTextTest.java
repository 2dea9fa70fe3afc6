package dev.modelbake.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.modelbake.guard.GuardReport;
import dev.modelbake.guard.Layer;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class GuardTextTest {
  @Test
  void anAttemptIsToldWithItsPlaceAndCount() {
    String text = GuardText.of(GuardSamples.reachedOut(), Detail.BRIEF);
    assertTrue(
        text.contains(
            "refused www.modelscope.cn:443, 3 times: rapidocr/utils/download_file.py:71, through"
                + " requests (lookup, connect)\n"),
        text);
    assertFalse(text.contains("requests/api.py"), text);
  }

  @Test
  void theStackIsShownWhenEverythingIsAskedFor() {
    String text = GuardText.of(GuardSamples.reachedOut(), Detail.FULL);
    assertTrue(text.contains("    requests/api.py:59 request\n"), text);
  }

  @Test
  void theLastTenLinesHoldTheCauseHoweverMuchReachedOut() {
    List<String> lines = GuardText.of(GuardSamples.reachedOut(5000), Detail.FULL).lines().toList();
    String end = String.join("\n", lines.subList(lines.size() - 10, lines.size()));
    assertTrue(end.contains("error: running python3 – it reached for host0000.example:443"), end);
    assertTrue(end.contains("4997 other places"), end);
    assertTrue(lines.size() < 2000, "bounded");
  }

  @Test
  void nothingIsCalledCleanWhenNoLayerLooked() {
    String text = GuardText.of(GuardSamples.quiet(Layer.State.IDLE), Detail.BRIEF);
    assertTrue(text.contains("nothing is known: no layer looked"), text);
    assertTrue(
        GuardText.of(GuardSamples.quiet(Layer.State.ACTIVE), Detail.BRIEF)
            .contains("evidence, not proof"));
  }

  @Test
  void aCommandThatDidNotStartIsOneLine() {
    GuardReport report =
        new GuardReport(
            List.of("no\u001bsuch"),
            127,
            Optional.of("there is no such command"),
            List.of(),
            List.of(),
            List.of(),
            List.of());
    String text = GuardText.of(report, Detail.BRIEF);
    assertTrue(text.startsWith("error: running no\\x1bsuch – there is no such command"), text);
    assertTrue(text.lines().count() == 1, text);
  }

  @Test
  void theRemedyFitsWhatIsKnown() {
    String kernel = GuardText.of(GuardSamples.reachedOutPastHookAndProxy(), Detail.BRIEF);
    assertTrue(kernel.contains("strace -f -e trace=network"), kernel);
    assertFalse(kernel.contains("--allow"), "nobody knows which host");
    String hook = GuardText.of(GuardSamples.reachedOut(), Detail.BRIEF);
    assertTrue(hook.contains("--allow the host"), hook);
  }

  @Test
  void errorsAloneAreWhatWasRefused() {
    assertEquals("", GuardText.ofErrors(GuardSamples.quiet(Layer.State.ACTIVE), Detail.BRIEF));
    List<String> lines =
        GuardText.ofErrors(GuardSamples.reachedOut(), Detail.BRIEF).lines().toList();
    assertEquals(2, lines.size());
    assertTrue(lines.get(0).startsWith("refused www.modelscope.cn:443"), lines.get(0));
    assertTrue(lines.get(1).startsWith("error: running python3 – it reached for"), lines.get(1));
  }
}
