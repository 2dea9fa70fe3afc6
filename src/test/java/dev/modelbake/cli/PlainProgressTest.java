package dev.modelbake.cli;

import static dev.modelbake.cli.ProgressEvents.candidate;
import static dev.modelbake.cli.ProgressEvents.failed;
import static dev.modelbake.cli.ProgressEvents.fetching;
import static dev.modelbake.cli.ProgressEvents.fetchingUnknown;
import static dev.modelbake.cli.ProgressEvents.finished;
import static dev.modelbake.cli.ProgressEvents.gaveUp;
import static dev.modelbake.cli.ProgressEvents.received;
import static dev.modelbake.cli.ProgressEvents.retrying;
import static dev.modelbake.cli.ProgressEvents.verified;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.modelbake.model.BakeEvent;
import dev.modelbake.model.Candidate.Role;
import dev.modelbake.model.Descriptor;
import dev.modelbake.model.Digest;
import dev.modelbake.testing.FaultCase;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

@FaultCase(163)
class PlainProgressTest {
  private final FakeClock clock = new FakeClock();
  private final ByteArrayOutputStream log = new ByteArrayOutputStream();
  private PlainProgress progress = at(Verbosity.NORMAL);

  private PlainProgress at(Verbosity verbosity) {
    Progress.Wish wish = new Progress.Wish(ProgressMode.PLAIN, verbosity, Style.PLAIN);
    return new PlainProgress(wish, new Output("a test", log, UTF_8), clock);
  }

  private void tell(BakeEvent... events) {
    for (BakeEvent event : events) {
      progress.on(event);
    }
  }

  private void pass(int seconds) {
    for (int i = 0; i < seconds; i++) {
      clock.pass(Duration.ofSeconds(1));
      progress.tick();
    }
  }

  private String text() {
    return log.toString(UTF_8);
  }

  @Test
  void aRunLeavesAStartALineForEachFileAndASummary() {
    tell(new BakeEvent.Planned(3, 1, 14_200_000), new BakeEvent.Kept("m/kept"));
    tell(fetching("m/a", 14_000_000), fetching("m/b", 200_000));
    pass(4);
    tell(verified("m/b", 200_000), verified("m/a", 14_000_000), finished(3, 0));
    assertEquals(
        """
        3 files: 2 to bake (14.2 MB), 1 already right
        fetched m/b (200 kB, 4 s, 50.0 kB/s) from host.example
        fetched m/a (14.0 MB, 4 s, 3.50 MB/s) from host.example
        baked 3 files (14.2 MB) in 12 s: 2 fetched, 1 already right; all 3 proven
        """,
        text());
  }

  @Test
  void aRunThatFetchesNothingSaysSo() {
    tell(new BakeEvent.Planned(6, 6, 0), finished(6, 0));
    assertEquals("6 files: 0 to bake, 6 already right", text().lines().findFirst().orElseThrow());
    log.reset();
    progress = at(Verbosity.NORMAL);
    tell(new BakeEvent.Planned(2, 2, 0), new BakeEvent.Kept("a"), new BakeEvent.Kept("b"));
    tell(finished(2, 0));
    assertTrue(text().endsWith("\nnothing to fetch: 2 of 2 files already right\n"), text());
  }

  @Test
  void filesWithoutADownloadOfTheirOwnAreCounted() {
    tell(new BakeEvent.Planned(3, 1, 7), new BakeEvent.Kept("m/k"));
    tell(verified("m/a (part 1 of 2)", 3), verified("m/a (part 2 of 2)", 4));
    tell(
        new BakeEvent.Made("m/a", 2, Descriptor.of(Digest.OF_NOTHING, 7)),
        new BakeEvent.Made("m/refs/main", 0, Descriptor.of(Digest.OF_NOTHING, 40)),
        finished(3, 0));
    assertTrue(text().contains("2 fetched, 2 made, 1 already right; all 3 proven"), text());
  }

  @Test
  void mendedFilesAndThoseFromTheStoreAreCounted() {
    tell(new BakeEvent.Planned(4, 1, 7), new BakeEvent.Kept("m/k"));
    tell(verified("m/a", 3), verified("m/b", 4, Role.STORE), new BakeEvent.Published("m/mended"));
    tell(finished(4, 0));
    assertTrue(
        text()
            .endsWith(
                "(7 bytes) in 12 s: 1 fetched, 1 from the store, 1 mended, 1 already right; all 4"
                    + " proven\n"),
        text());
    assertTrue(text().contains("fetched m/b (4 bytes) from the store\n"), text());
  }

  @Test
  void aFailedRunSaysHowManyFailed() {
    tell(new BakeEvent.Planned(2, 0, 7), fetching("m/a", 7), gaveUp("m/a", "refused"));
    tell(failed("m/a", "no source has it"), finished(1, 1));
    assertEquals(
        """
        2 files: 2 to bake (7 bytes), 0 already right
        warning: m/a: https://host.example/x?…: refused [temporary]
        failed: m/a: no source has it [unavailable]
        stopped after 12 s: 1 of 2 files failed, 0 already right, 0 fetched
        """,
        text());
  }

  @Test
  void theHeartbeatComesEveryTenSecondsWithPercentSpeedAndTimeLeft() {
    tell(new BakeEvent.Planned(3, 1, 100_000_000), new BakeEvent.Kept("m/k"));
    tell(fetching("m/a", 80_000_000), fetching("m/b", 20_000_000));
    for (int second = 1; second <= 25; second++) {
      clock.pass(Duration.ofSeconds(1));
      tell(received("m/a", second * 2_000_000L));
      progress.tick();
    }
    assertEquals(
        List.of(
            " 20%  20.0 MB of 100 MB  2.00 MB/s  40 s left  1 of 3 files; fetching m/a and 1 more",
            " 40%  40.0 MB of 100 MB  2.00 MB/s  30 s left  1 of 3 files; fetching m/a and 1 more"),
        text().lines().skip(1).toList());
  }

  @Test
  void timeInWhichNothingWasToComeIsNoSilence() {
    pass(100);
    tell(fetching("m/a", 100));
    pass(30);
    assertFalse(text().contains("no bytes for 1 min"), text());
    assertFalse(text().contains("no bytes for 2 min"), text());
    assertTrue(text().contains("no bytes for "), text());
  }

  @Test
  void silenceAndUnpackingAndRetriesAreToldInTheHeartbeat() {
    tell(new BakeEvent.Planned(1, 0, 100), fetching("m/a", 100), received("m/a", 50));
    pass(20);
    assertTrue(
        text()
            .endsWith(
                " 50%  50 bytes of 100 bytes  no bytes for 20 s  0 of 1 file; fetching m/a\n"),
        text());
    tell(retrying("m/a"));
    pass(10);
    assertTrue(text().endsWith("; waiting to retry m/a\n"), text());
    tell(received("m/a", 100), verified("m/a", 100), new BakeEvent.Unpacking("m/a"));
    pass(10);
    assertTrue(
        text().endsWith(" 99%  100 bytes of 100 bytes  1 of 1 file; unpacking m/a\n"), text());
  }

  @Test
  void withoutASizeThereIsNoPercentButTheRestIsTold() {
    tell(new BakeEvent.Planned(1, 0, 0), fetchingUnknown("m/a"));
    tell(received("m/a", 0));
    progress.tick();
    clock.pass(Duration.ofSeconds(10));
    tell(received("m/a", 5_000_000));
    progress.tick();
    assertTrue(text().endsWith("\n5.00 MB  500 kB/s  0 of 1 file; fetching m/a\n"), text());
  }

  @Test
  void aTransferThatStartsOverNeverShowsANegativeSpeed() {
    tell(new BakeEvent.Planned(1, 0, 100_000_000), fetching("m/a", 100_000_000));
    progress.tick();
    tell(received("m/a", 60_000_000));
    pass(5);
    tell(received("m/a", 10_000_000));
    pass(5);
    assertTrue(text().contains(" 10%  10.0 MB of 100 MB  7.00 MB/s  13 s left"), text());
  }

  @Test
  void aFailedFileNoLongerCountsAsStillToCome() {
    tell(new BakeEvent.Planned(2, 0, 100), fetching("m/a", 60), fetching("m/b", 40));
    tell(failed("m/a", "gone"), received("m/b", 20));
    pass(10);
    assertTrue(text().contains(" 50%  20 bytes of 40 bytes"), text());
  }

  @Test
  void stepsAreToldOnlyToThoseWhoAsk() {
    BakeEvent[] steps = {
      new BakeEvent.Planned(1, 0, 0),
      new BakeEvent.Fetching("m/a", candidate(Role.ORIGIN), OptionalLong.empty()),
      retrying("m/a"),
      new BakeEvent.Unpacking("m/a"),
      new BakeEvent.Unpacked("m/a", 1, 7),
      new BakeEvent.Kept("m/k"),
      new BakeEvent.Published("m/a")
    };
    tell(steps);
    assertEquals(1, text().lines().count());
    log.reset();
    progress = at(Verbosity.VERBOSE);
    tell(steps);
    assertEquals(
        """
        1 file: 1 to bake, 0 already right
        trying https://host.example/x?… for m/a
        retrying https://host.example/x?… in 3 s (attempt 2): 502 Bad Gateway
        unpacking m/a
        unpacked m/a (1 file, 7 bytes)
        """,
        text());
    log.reset();
    progress = at(Verbosity.DETAILED);
    tell(steps);
    assertTrue(text().endsWith("\nalready right: m/k\npublished m/a\n"), text());
  }

  @Test
  void afterTwoHundredFilesThereAreOnlyCounts() {
    tell(new BakeEvent.Planned(1000, 0, 1000));
    for (int i = 0; i < 1000; i++) {
      tell(fetching("m/" + i, 1), verified("m/" + i, 1));
    }
    pass(10);
    tell(finished(1000, 0));
    List<String> lines = text().lines().toList();
    assertEquals(1 + 200 + 1 + 1, lines.size());
    assertTrue(lines.get(200).endsWith("; from here on only counts"));
    assertTrue(lines.get(201).contains("1000 of 1000 files"), lines.get(201));
  }

  @Test
  void nothingThatHappensFillsTheLog() {
    progress = at(Verbosity.DETAILED);
    String name = "m/" + "long-name-".repeat(40);
    tell(new BakeEvent.Planned(100_000, 0, Long.MAX_VALUE));
    for (int i = 0; i < 3_000; i++) {
      tell(fetching(name + i, 1 << 30), retrying(name + i), gaveUp(name + i, "no ".repeat(500)));
      tell(new BakeEvent.Notice("x".repeat(100_000)), failed(name + i, "no ".repeat(500)));
    }
    tell(finished(97_000, 3_000));
    assertTrue(log.size() <= PlainProgress.MOST_BYTES, log.size() + " bytes");
    String end = "only the summary follows\nstopped after 12 s: 3000 of 100000 files failed";
    assertTrue(text().contains(end));
  }

  @Test
  void aRunOfAWeekStaysUnderTheBound() {
    tell(new BakeEvent.Planned(1, 0, 1L << 50), fetching("m/a", 1L << 50));
    for (long minute = 0; minute < 7 * 24 * 60; minute++) {
      tell(received("m/a", minute * 60_000_000));
      for (int i = 0; i < 6; i++) {
        clock.pass(Duration.ofSeconds(10));
        progress.tick();
      }
    }
    tell(finished(1, 0));
    assertTrue(log.size() < PlainProgress.MOST_BYTES, log.size() + " bytes");
    assertFalse(text().contains("only the summary"));
  }

  @Test
  void nothingForeignMovesTheCursorOrForgesALine() {
    String hostile = ProgressEvents.HOSTILE;
    progress = at(Verbosity.DETAILED);
    tell(new BakeEvent.Planned(1, 0, 9), new BakeEvent.Kept(hostile), fetching(hostile, 9));
    tell(new BakeEvent.Notice(hostile), gaveUp(hostile, hostile), fetching(hostile, 9));
    pass(10);
    tell(verified(hostile, 9), new BakeEvent.Unpacking(hostile));
    tell(new BakeEvent.Unpacked(hostile, 1, 1), new BakeEvent.Published(hostile));
    tell(failed(hostile, hostile), finished(0, 1));
    String text = text();
    assertTrue(text.chars().noneMatch(c -> (c < 0x20 && c != '\n') || c == 0x202e), text);
    assertTrue(text.lines().noneMatch(line -> line.startsWith("baked 1 file")), text);
    assertFalse(text.contains("secret"));
  }
}
