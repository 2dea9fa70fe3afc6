package dev.modelbake.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.modelbake.model.FailureKind;
import dev.modelbake.model.Finding;
import dev.modelbake.model.Plan;
import dev.modelbake.model.PlannedFile.State;
import dev.modelbake.model.Problem;
import dev.modelbake.model.Unpacking;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class TextsTest {
  @Test
  void aPlanTellsOfPartsBlobsTextsAndDirectories() {
    String text = PlanText.of(Samples.planOfCache(), Detail.FULL);
    for (String expected :
        List.of(
            "2 parts http",
            "o/n/a (part 1 of 2) " + Samples.digest(1),
            "1. http://host.example/1",
            "1. https://host.example/2",
            "a link to a blob of /hf/models--o--n, named by git's id",
            "the text c",
            "/hf/user/",
            "2 files: 1 to fetch, 1 to make; 5 bytes to download")) {
      assertTrue(text.contains(expected), expected + " in\n" + text);
    }
  }

  @Test
  void aPlanIsATable() {
    assertEquals(
        """
        ACTION   SIZE     SHA256        OWNER      MODE  SOURCES  PATH
        fetch    64.0 MB  a1a1a1a1a1a1  1000:1000  0644  2 http   /app/models/shape_predictor_68.dat
        ?        ?        unpinned      ?          ?     1        ${U2NET_HOME}/u2net.onnx
            models.yaml:28:5: error: U2NET_HOME is not set; set it in `env`
        keep     4.11 MB  c3c3c3c3c3c3  1000:1000  0644  1        /usr/share/tessdata/eng.traineddata
        replace  64.0 MB  a1a1a1a1a1a1  1000:1000  0644  2 http   /n/s/
        blocked  64.0 MB  a1a1a1a1a1a1  1000:1000  0644  2 http   /n/t/
        mend     64.0 MB  a1a1a1a1a1a1  1000:1000  0644  2 http   /n/p/
        6 files: 1 to fetch, 1 to replace, 1 to mend, 1 blocked, 1 without a place, 1 already right; 192 MB to download
        disk of /app: 256 MB needed, 103 GB free
        disk of /n: 4.20 GB needed, 1.00 GB free: NOT ENOUGH, short of 3.20 GB
        http: plain http, where the pinned digest alone protects the bytes
        models.yaml:2:5: warning: the files will be root's; give an owner
        """,
        PlanText.of(Samples.plan(), Detail.BRIEF));
  }

  @Test
  void aPlanInFullHasEveryCandidateAndExactSizes() {
    String text = PlanText.of(Samples.plan(), Detail.FULL);
    for (String expected :
        List.of(
            "    dlib/shape/shape_predictor_68.dat, models.yaml:12:5\n",
            "    download " + Samples.digest(0xa1) + ", 64,040,097 bytes\n",
            "    unpack bz2, gives " + Samples.digest(0xb2) + ", 99,693,937 bytes\n",
            "    directories 0755\n",
            "    1. https://mirror.example/a?… (site mirror)\n",
            "    2. http://dlib.net/files/x.bz2 (origin, plain http)\n",
            "md5:0f0f",
            "    unpack tar.gz, exactly 1 pinned file\n",
            "    unpack tar.gz, a tree of " + Samples.digest(8) + "\n",
            "disk of /app: 256,000,000 bytes needed, 103,200,000,000 bytes free\n")) {
      assertTrue(text.contains(expected), expected + "\nis not in\n" + text);
    }
  }

  @Test
  void nothingForeignMovesTheCursorInAPlan() {
    Plan plan =
        new Plan(
            Path.of("/"),
            List.of(
                Samples.file(
                    "m/" + Samples.HOSTILE,
                    State.ABSENT,
                    new Unpacking.None(),
                    Samples.target("/" + Samples.HOSTILE))),
            List.of(),
            List.of(new Plan.DiskNeed(Path.of("/" + Samples.HOSTILE), 1, 2)),
            List.of(
                Problem.warning(Samples.at(1), Samples.HOSTILE, Samples.HOSTILE, Samples.HOSTILE)));
    assertPrintable(PlanText.of(plan, Detail.FULL));
  }

  static void assertPrintable(String text) {
    assertTrue(
        text.chars().noneMatch(c -> (c < 0x20 && c != '\n') || c == 0x202e || c == 0x7f), text);
    assertTrue(text.lines().noneMatch(line -> line.startsWith("OK all proven")), text);
  }

  @Test
  void findingsSayWhatIsWrongAndHowMuchIsProven() {
    List<Finding> findings =
        List.of(
            new Finding("/m/a", "rembg/a", FailureKind.INTEGRITY, "expected x, actual y"),
            new Finding("/m/b", "rembg/b", FailureKind.MISSING, "nothing is there"),
            new Finding("/m/c", "", FailureKind.INTEGRITY, Samples.HOSTILE));
    String text = FindingsText.of(findings, 3);
    assertPrintable(text);
    assertTrue(
        text.startsWith(
            """
            wrong       /m/a (rembg/a): expected x, actual y
            missing     /m/b (rembg/b): nothing is there
            unexpected  /m/c: \\x1b]0;owned\\x07\\x0d\\x0aOK"""),
        text);
    assertTrue(text.endsWith("\n3 files proven; 1 wrong, 1 missing, 1 unexpected\n"), text);
    assertEquals("all 6 files are proven\n", FindingsText.of(List.of(), 6));
    assertEquals("the file is proven\n", FindingsText.of(List.of(), 1));
  }

  @Test
  void problemsAreListedWithRemedyAndCounted() {
    assertEquals(
        """
        models.yaml:3:5: error: unknown key `sha265` [unknown-key]
            did you mean `sha256`?
        models.yaml:4:5: warning: plain http [plain-http]
            use https
        1 error, 1 warning
        """,
        ProblemsText.of(
            List.of(
                Problem.error(
                    Samples.at(3), "unknown-key", "unknown key `sha265`", "did you mean `sha256`?"),
                Problem.warning(Samples.at(4), "plain-http", "plain http", "use https"))));
    assertEquals("", ProblemsText.of(List.of()));
  }

  @Test
  void sizesHaveThreeDigitsAndNeverFour() {
    assertEquals("0 bytes", Amounts.size(0));
    assertEquals("1 byte", Amounts.size(1));
    assertEquals("999 bytes", Amounts.size(999));
    assertEquals("1.00 kB", Amounts.size(1000));
    assertEquals("9.99 kB", Amounts.size(9_994));
    assertEquals("10.0 kB", Amounts.size(9_996));
    assertEquals("100 kB", Amounts.size(99_960));
    assertEquals("1.00 MB", Amounts.size(999_500));
    assertEquals("64.0 MB", Amounts.size(64_040_097));
    assertEquals("9.22 EB", Amounts.size(Long.MAX_VALUE));
    assertEquals("64,040,097 bytes", Amounts.exactSize(64_040_097));
    assertEquals("1.50 MB/s", Amounts.rate(1_500_000.4));
  }

  @Test
  void timesHaveTwoUnits() {
    assertEquals("250 ms", Amounts.time(Duration.ofMillis(250)));
    assertEquals("59 s", Amounts.time(Duration.ofMillis(59_999)));
    assertEquals("1 min 05 s", Amounts.time(Duration.ofSeconds(65)));
    assertEquals("26 h 03 min", Amounts.time(Duration.ofMinutes(26 * 60 + 3)));
    assertEquals("0 ms", Amounts.time(Duration.ofSeconds(-5)));
  }
}
