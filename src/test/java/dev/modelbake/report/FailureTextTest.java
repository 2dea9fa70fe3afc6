package dev.modelbake.report;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.modelbake.model.BakeException;
import dev.modelbake.model.BakeFailedException;
import dev.modelbake.model.BakeReport;
import dev.modelbake.model.BakeReport.FileReport;
import dev.modelbake.model.BakeReport.Outcome;
import dev.modelbake.model.Candidate.Role;
import dev.modelbake.model.CandidateFailure;
import dev.modelbake.model.DiskException;
import dev.modelbake.model.FailureKind;
import dev.modelbake.model.FetchException;
import dev.modelbake.model.Location;
import dev.modelbake.model.ManifestException;
import dev.modelbake.model.PolicyException;
import dev.modelbake.model.Problem;
import dev.modelbake.model.Receipt;
import dev.modelbake.testing.FaultCase;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

@FaultCase(163)
class FailureTextTest {
  private static final CandidateFailure DEAD =
      Samples.failure("https://dead.example/u.onnx", FailureKind.TEMPORARY, "connection refused");
  private static final CandidateFailure GONE =
      Samples.failure("https://gone.example/u.onnx", FailureKind.UNAVAILABLE, "404 Not Found");
  private static final CandidateFailure LIAR =
      new CandidateFailure(
          Samples.candidate("https://liar.example/u.onnx?sig=secret", Role.MIRROR),
          FailureKind.INTEGRITY,
          "an HTML page titled \"Quota exceeded\"",
          Optional.of(Samples.digest(9)));

  private static FetchException fetch(String file, CandidateFailure... failures) {
    return new FetchException(
        file, "no source has it", "add a mirror that serves the pinned bytes", List.of(failures));
  }

  private static BakeFailedException failed(int selected, List<BakeException> failures) {
    List<FileReport> files =
        IntStream.range(0, selected)
            .mapToObj(
                i ->
                    new FileReport(
                        "m/" + i,
                        Outcome.FAILED,
                        Optional.empty(),
                        0,
                        Duration.ZERO,
                        List.of(),
                        Optional.empty()))
            .toList();
    return new BakeFailedException(
        failures,
        new BakeReport(
            Instant.EPOCH,
            Duration.ZERO,
            files,
            new Receipt(List.of()),
            Optional.of(FailureKind.IO),
            List.of()));
  }

  private static String text(BakeException failure) {
    List<String> lines = FailureText.of(failure, Detail.BRIEF);
    lines.forEach(TextsTest::assertPrintable);
    int error =
        IntStream.range(0, lines.size())
            .filter(i -> lines.get(i).startsWith("error:"))
            .findFirst()
            .orElseThrow();
    assertTrue(lines.size() - error <= 10, String.join("\n", lines));
    return String.join("\n", lines) + "\n";
  }

  @Test
  void oneFailureIsToldOnce() {
    assertEquals(
        """
        error: writing /opt/models/x [io]
          happened: no space left on device
          to do: make room
        """,
        text(
            new DiskException(
                "writing /opt/models/x",
                "/opt/models/x",
                "no space left on device",
                "make room",
                new IOException("ENOSPC"))));
  }

  @Test
  void aFileWithoutBytesListsEveryCandidate() {
    assertEquals(
        """
        error: fetching rembg/u.onnx [integrity]
          1. https://dead.example/u.onnx: connection refused [temporary]
          2. https://gone.example/u.onnx: 404 Not Found [unavailable]
          3. https://liar.example/u.onnx?…: an HTML page titled "Quota exceeded", got %s [integrity]
          happened: no source has it
          to do: add a mirror that serves the pinned bytes
        """
            .formatted(Samples.digest(9)),
        text(failed(1, List.of(fetch("rembg/u.onnx", DEAD, GONE, LIAR)))));
  }

  @Test
  void whatTheSourcesDidIsNotToldTwice() {
    String only = GONE.toString();
    FetchException one = new FetchException("m/x", only, "fix the URL", List.of(GONE));
    assertEquals(
        """
        error: fetching m/x [unavailable]
          1. https://gone.example/u.onnx: 404 Not Found [unavailable]
          to do: fix the URL
        """,
        text(one));
    String both = "none of 2 sources gave it: " + GONE + "; " + DEAD;
    String agreed = "both agree; " + both;
    FetchException two = new FetchException("m/y", agreed, "wait", List.of(GONE, DEAD));
    assertEquals(
        """
        error: fetching m/y [temporary]
          1. https://gone.example/u.onnx: 404 Not Found [unavailable]
          2. https://dead.example/u.onnx: connection refused [temporary]
          happened: both agree; none of 2 sources gave it
          to do: wait
        """,
        text(two));
    String summary = text(failed(2, List.of(one, two)));
    assertTrue(
        summary.endsWith(
            """
            error: baking 2 files: 2 failed, nothing was published
              fetching m/y [temporary]
                https://dead.example/u.onnx: connection refused [temporary]
                both agree; none of 2 sources gave it
              fetching m/x [unavailable]
                https://gone.example/u.onnx: 404 Not Found [unavailable]
              to do: wait
            """),
        summary);
  }

  @Test
  void theDeadlineIsToldBesideWhatTheSourcesDid() {
    String words = "the deadline passed before all was tried: ";
    String both = words + "none of 2 sources gave it: " + GONE + "; " + DEAD;
    String one = text(new FetchException("m/x", words + GONE, "wait", List.of(GONE)));
    String two = text(new FetchException("m/y", both, "wait", List.of(GONE, DEAD)));
    assertTrue(one.contains("happened: the deadline passed before all was tried\n"), one);
    assertTrue(
        two.contains(
            "happened: the deadline passed before all was tried: none of 2 sources gave it\n"),
        two);
  }

  @Test
  void manyCandidatesAreAllListedAndTheGravestRepeatedAtTheEnd() {
    CandidateFailure[] failures = new CandidateFailure[8];
    Arrays.fill(failures, GONE);
    failures[7] = LIAR;
    String text = text(fetch("rembg/u.onnx", failures));
    assertEquals(7 + 4, text.split("404 Not Found", -1).length - 1, text);
    assertTrue(
        text.contains(
            "error: fetching rembg/u.onnx [integrity]: the gravest of 8 sources\n"
                + "  1. https://liar.example/u.onnx?…: an HTML page"),
        text);
  }

  @Test
  void twoFailuresAreToldWholeThenTheGravestFirst() {
    String text = text(failed(6, List.of(fetch("a/gone", GONE), fetch("b/lied", DEAD, LIAR))));
    assertEquals(
        """
        fetching a/gone [unavailable]
          1. https://gone.example/u.onnx: 404 Not Found [unavailable]
          happened: no source has it
          to do: add a mirror that serves the pinned bytes
        fetching b/lied [integrity]
          1. https://dead.example/u.onnx: connection refused [temporary]
          2. https://liar.example/u.onnx?…: an HTML page titled "Quota exceeded", got %1$s [integrity]
          happened: no source has it
          to do: add a mirror that serves the pinned bytes
        error: baking 6 files: 2 failed, nothing was published
          fetching b/lied [integrity]
            https://liar.example/u.onnx?…: an HTML page titled "Quota exceeded", got %1$s [integrity]
            no source has it
          fetching a/gone [unavailable]
            https://gone.example/u.onnx: 404 Not Found [unavailable]
            no source has it
          to do: add a mirror that serves the pinned bytes
        """
            .formatted(Samples.digest(9)),
        text);
  }

  @Test
  void ofHundredFailuresTheLastTenLinesCarryTheGravest() {
    List<BakeException> failures = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      failures.add(fetch("m/" + i, GONE));
    }
    failures.set(63, fetch("m/63", LIAR));
    String[] lines = text(failed(100, failures)).split("\n");
    String last = String.join("\n", List.of(lines).subList(lines.length - 10, lines.length));
    assertTrue(last.contains("fetching m/63 [integrity]: https://liar.example/u.onnx?…"), last);
    assertTrue(last.contains("and 94 more, listed above"), last);
  }

  @Test
  void tenThousandFailuresDoNotFloodTheLog() {
    List<BakeException> failures = new ArrayList<>();
    for (int i = 0; i < 10_000; i++) {
      failures.add(fetch("日本語/" + i, DEAD, GONE, LIAR));
    }
    String text = text(failed(10_000, failures));
    assertTrue(text.getBytes(UTF_8).length < 104 << 10);
    assertTrue(text.contains("more lines; --report FILE keeps every failure\nerror:"));
  }

  @Test
  void problemsOfAManifestAreAllListed() {
    List<Problem> problems =
        IntStream.range(1, 13)
            .mapToObj(i -> Problem.error(Samples.at(i), "rule", "fault " + i, "remedy " + i))
            .toList();
    String few = text(new ManifestException(problems.subList(0, 2)));
    assertEquals(
        """
        error: 2 errors in models.yaml
          models.yaml:1:5: error: fault 1 [rule]
              remedy 1
          models.yaml:2:5: error: fault 2 [rule]
              remedy 2
          to do: mend the manifest; nothing was touched
        """,
        few);
    List<Problem> mixed = new ArrayList<>(problems);
    for (int i = 0; i < 11; i++) {
      Problem error = problems.get(i);
      mixed.set(i, Problem.warning(error.at(), error.rule(), error.what(), error.remedy()));
    }
    String late = text(new ManifestException(mixed));
    assertTrue(
        late.contains(
            "error: 1 error, 11 warnings in models.yaml, listed above; first of all:\n"
                + "  models.yaml:12:5: error: fault 12 [rule]"),
        late);
    String many = text(new ManifestException(problems));
    assertTrue(
        many.contains("fault 12 [rule]\n    remedy 12\nerror: 12 errors in models.yaml"), many);
  }

  @Test
  void nothingForeignEndsALineOrMovesTheCursor() {
    CandidateFailure hostile =
        Samples.failure("https://h.example/x", FailureKind.UNAVAILABLE, Samples.HOSTILE);
    text(new FetchException("m/" + Samples.HOSTILE, Samples.HOSTILE, "r", List.of(hostile)));
    FailureText.ofBug(new IllegalStateException(Samples.HOSTILE), "1.0")
        .forEach(TextsTest::assertPrintable);
  }

  @Test
  void inFullTheCausesAreToldToo() {
    BakeException failure =
        new DiskException(
            "writing x",
            "x",
            "failed",
            "retry",
            new IOException("broken", new IOException("wire")));
    String text = String.join("\n", FailureText.of(failure, Detail.FULL));
    assertTrue(text.contains("because of: java.io.IOException: broken"), text);
    assertTrue(text.contains("because of: java.io.IOException: wire"), text);
  }

  @Test
  void aBugEndsWithWhatToReport() {
    List<String> lines =
        FailureText.ofBug(new IllegalStateException("oops", new RuntimeException("why")), "0.1.0");
    assertEquals("java.lang.IllegalStateException: oops", lines.get(0));
    assertTrue(lines.stream().anyMatch(line -> line.startsWith("caused by java.lang.Runtime")));
    assertEquals(
        List.of(
            "error: a bug in modelbake 0.1.0",
            "  happened: java.lang.IllegalStateException: oops",
            "  to do: report it with all of these lines"),
        lines.subList(lines.size() - 3, lines.size()));
  }

  @Test
  void everyViolationOfAPolicyHasItsLine() {
    List<Problem> violations =
        IntStream.range(1, 10)
            .mapToObj(
                line ->
                    Problem.error(
                        new Location("models.yaml", line, 1), "policy-license", "no licence", "x"))
            .toList();
    List<String> few =
        FailureText.of(
            new PolicyException("/etc/modelbake/site.yaml", violations.subList(0, 2)),
            Detail.BRIEF);
    assertEquals("error: checking the policy of /etc/modelbake/site.yaml [refused]", few.get(0));
    assertEquals("  models.yaml:1:1: no licence", few.get(1));
    assertEquals(4, few.size());
    List<String> many =
        FailureText.of(new PolicyException("/etc/modelbake/site.yaml", violations), Detail.BRIEF);
    int error = many.indexOf("error: checking the policy of /etc/modelbake/site.yaml [refused]");
    assertEquals(9, error);
    assertTrue(many.size() - error <= 10, many.toString());
    assertTrue(many.contains("  and 3 more, listed above"), many.toString());
  }
}
