package dev.modelbake.cli;

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
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TtyProgressTest {
  private final FakeClock clock = new FakeClock();
  private final ByteArrayOutputStream raw = new ByteArrayOutputStream();
  private TtyProgress progress = wide(80);

  private TtyProgress wide(int columns) {
    Progress.Wish wish = new Progress.Wish(ProgressMode.TTY, Verbosity.NORMAL, Style.PLAIN);
    Terminal terminal = new Terminal(Terminal.Kind.ANSI, columns, 24, Terminal.Glyphs.UNICODE);
    return new TtyProgress(wish, new Output("a test", raw, UTF_8), terminal, clock);
  }

  private void tell(BakeEvent... events) {
    for (BakeEvent event : events) {
      progress.on(event);
    }
  }

  private void frame() {
    clock.pass(Duration.ofMillis(100));
    progress.tick();
  }

  private List<String> screen() {
    return ScreenModel.after(raw.toString(UTF_8)).lines();
  }

  @Test
  void eachActiveFileHasABarAndThereIsATotal() {
    tell(new BakeEvent.Planned(3, 1, 100_000_000), new BakeEvent.Kept("m/k"));
    tell(fetching("model/a.onnx", 80_000_000), fetching("model/b.onnx", 20_000_000));
    frame();
    clock.pass(Duration.ofSeconds(2));
    tell(received("model/a.onnx", 20_000_000), received("model/b.onnx", 20_000_000));
    frame();
    assertEquals(
        List.of(
            "3 files: 2 to bake (100 MB), 1 already right",
            "model/a.onnx                  ━━━━━─────────────   25%  9.52 MB/s",
            "model/b.onnx                  ━━━━━━━━━━━━━━━━━━  100%  9.52 MB/s",
            "1 of 3 files                  ━━━━━━━───────────   40%  19.0 MB/s  0:04 left"),
        screen());
  }

  @Test
  void withoutAPlanThereIsNoTotal() {
    tell(fetching("model/a.onnx", 80_000_000));
    frame();
    clock.pass(Duration.ofSeconds(2));
    tell(received("model/a.onnx", 20_000_000));
    frame();
    List<String> screen = screen();
    assertEquals(1, screen.size(), screen.toString());
    assertTrue(screen.get(0).startsWith("model/a.onnx  "), screen.toString());
  }

  @Test
  void aFinishedFileBecomesALineAboveTheBars() {
    tell(new BakeEvent.Planned(2, 0, 100), fetching("m/a", 60), fetching("m/b", 40));
    frame();
    tell(verified("m/b", 40));
    frame();
    List<String> screen = screen();
    assertTrue(screen.get(1).startsWith("fetched m/b (40 bytes"), screen.toString());
    assertTrue(screen.get(2).startsWith("m/a  "), screen.toString());
    assertTrue(screen.get(3).startsWith("1 of 2 files"), screen.toString());
    assertEquals(4, screen.size());
  }

  @Test
  void aLineThatStaysTakesNoBarsAway() {
    tell(new BakeEvent.Planned(2, 0, 100), fetching("m/a", 60), fetching("m/b", 40));
    frame();
    tell(verified("m/b", 40));
    assertEquals(4, screen().size());
    assertTrue(screen().get(2).startsWith("m/a  "), screen().toString());
  }

  @Test
  void aNarrowTerminalShowsTheMostTelling() {
    progress = wide(40);
    tell(new BakeEvent.Planned(2, 0, 100_000_000), fetching("model/a.onnx", 100_000_000));
    tell(new BakeEvent.Unpacking("m/b"));
    frame();
    clock.pass(Duration.ofSeconds(2));
    tell(received("model/a.onnx", 25_000_000));
    frame();
    assertEquals(
        List.of(
            "model/a.onnx          25%  11.9 MB/s",
            "m/b                        unpacking", "0 of 2 files          25%  0:07 left"),
        screen().subList(1, 4));
  }

  @Test
  void atTheEndOnlyLinesThatStayAreLeft() {
    tell(new BakeEvent.Planned(1, 0, 60), fetching("m/a", 60));
    frame();
    tell(verified("m/a", 60), finished(1, 0));
    progress.end();
    frame();
    assertEquals(
        List.of(
            "1 file: 1 to bake (60 bytes), 0 already right",
            "fetched m/a (60 bytes, 100 ms) from host.example",
            "baked 1 file (60 bytes) in 12 s: 1 fetched, 0 already right; it is proven"),
        screen());
  }

  @Test
  void aRunThatBreaksOffLeavesNoBars() {
    tell(new BakeEvent.Planned(1, 0, 60), fetching("m/a", 60));
    frame();
    progress.end();
    frame();
    assertEquals(1, screen().size());
  }

  @Test
  void afterEveryWriteTheCursorStandsOnAnEmptyLineAndIsShown() {
    tell(new BakeEvent.Planned(2, 0, 60), fetching("m/a", 60));
    for (int i = 0; i < 30; i++) {
      tell(received("m/a", i));
      frame();
      ScreenModel screen = ScreenModel.after(raw.toString(UTF_8));
      assertEquals(0, screen.column());
      assertEquals(screen.lines().size(), screen.row());
    }
    assertFalse(raw.toString(UTF_8).contains("\u001b[?"));
  }

  @Test
  void itIsDrawnTenTimesASecondAtMost() {
    tell(new BakeEvent.Planned(1, 0, 60), fetching("m/a", 60));
    int before = raw.size();
    for (int i = 0; i < 99; i++) {
      clock.pass(Duration.ofMillis(1));
      tell(received("m/a", i));
      progress.tick();
    }
    assertEquals(before, raw.size());
    clock.pass(Duration.ofMillis(1));
    progress.tick();
    assertTrue(raw.size() > before);
  }

  @Test
  void phasesAreShownInPlaceOfTheSpeed() {
    tell(new BakeEvent.Planned(3, 0, 200), fetching("m/a", 100), fetchingUnknown("m/b"));
    tell(retrying("m/a"), verified("m/b", 7), new BakeEvent.Unpacking("m/b"));
    clock.pass(Duration.ofSeconds(65));
    frame();
    List<String> screen = screen();
    assertTrue(screen.get(2).matches("m/a .* 0% +retrying"), screen.get(2));
    assertTrue(screen.get(3).matches("m/b .* unpacking +1:05"), screen.get(3));
  }

  @Test
  void aFileKeepsItsPlaceWhenAnotherCandidateIsTried() {
    tell(new BakeEvent.Planned(2, 0, 200), fetching("m/a", 100), fetching("m/b", 100));
    tell(gaveUp("m/a", "refused"), fetching("m/a", 100));
    frame();
    assertTrue(screen().get(2).startsWith("m/a "), screen().toString());
    assertTrue(screen().get(3).startsWith("m/b "), screen().toString());
  }

  @ParameterizedTest
  @ValueSource(ints = {20, 40, 59, 60, 61, 80, 100, 101, 200, 1000})
  void noBarReachesTheLastColumn(int columns) {
    progress = wide(columns);
    tell(new BakeEvent.Planned(9, 0, Long.MAX_VALUE));
    tell(fetching("m/" + "日本語".repeat(400), Long.MAX_VALUE), fetching("m/b", 999_999_999));
    tell(fetchingUnknown("m/c\u0301"), retrying("m/b"), received("m/c\u0301", 5));
    frame();
    clock.pass(Duration.ofHours(30));
    tell(received("m/" + "日本語".repeat(400), Long.MAX_VALUE / 3));
    frame();
    List<String> bars = screen().subList(1, screen().size());
    assertEquals(4, bars.size());
    for (String line : bars) {
      assertTrue(ProgressCells.width(line) < columns, ProgressCells.width(line) + ": " + line);
    }
  }

  @Test
  void manyFilesDoNotFillTheScreen() {
    tell(new BakeEvent.Planned(50, 0, 5000));
    for (int i = 0; i < 40; i++) {
      tell(fetching("m/" + i, 100));
    }
    frame();
    assertEquals(1 + 10 + 1 + 1, screen().size());
    assertEquals("and 30 more files", screen().get(11));
  }

  @Test
  void aRunWithNothingToFetchDrawsNothing() {
    tell(new BakeEvent.Planned(1, 1, 0), new BakeEvent.Kept("m/k"));
    int before = raw.size();
    frame();
    assertEquals(before, raw.size());
  }
}
