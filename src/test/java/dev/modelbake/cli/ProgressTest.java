package dev.modelbake.cli;

import static dev.modelbake.cli.ProgressEvents.fetching;
import static dev.modelbake.cli.ProgressEvents.finished;
import static dev.modelbake.cli.ProgressEvents.received;
import static dev.modelbake.cli.ProgressEvents.verified;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.modelbake.json.JsonBounds;
import dev.modelbake.json.JsonObject;
import dev.modelbake.json.JsonReader;
import dev.modelbake.model.BakeEvent;
import dev.modelbake.model.UsageException;
import dev.modelbake.testing.DocumentSchema;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ProgressTest {
  private static final Terminal ANSI =
      new Terminal(Terminal.Kind.ANSI, 80, 24, Terminal.Glyphs.ASCII);

  private final FakeClock clock = new FakeClock();
  private final ByteArrayOutputStream written = new ByteArrayOutputStream();
  private final Output output = new Output("a test", written, UTF_8);

  private Progress progress(ProgressMode mode, Verbosity verbosity, Terminal terminal) {
    return Progress.of(new Progress.Wish(mode, verbosity, Style.PLAIN), output, terminal, clock);
  }

  private String text() {
    return written.toString(UTF_8);
  }

  @ParameterizedTest
  @EnumSource(ProgressMode.class)
  void eventsFromManyThreadsLoseNothing(ProgressMode mode) throws Exception {
    int threads = 8;
    CountDownLatch go = new CountDownLatch(1);
    try (Progress progress = progress(mode, Verbosity.NORMAL, ANSI)) {
      progress.on(new BakeEvent.Planned(threads * 20, 0, threads * 20_000L));
      List<Thread> running = new ArrayList<>();
      for (int t = 0; t < threads; t++) {
        String prefix = "m" + t + "/";
        Thread thread =
            new Thread(
                () -> {
                  awaitLatch(go);
                  for (int i = 0; i < 20; i++) {
                    transfer(progress, prefix + i);
                  }
                });
        thread.start();
        running.add(thread);
      }
      go.countDown();
      for (Thread thread : running) {
        thread.join();
      }
      progress.on(finished(threads * 20, 0));
    }
    output.check();
    if (mode == ProgressMode.NONE) {
      assertEquals("", text());
    } else if (mode == ProgressMode.JSON) {
      assertTrue(text().lines().filter(line -> line.contains("\"verified\"")).count() == 160);
    } else {
      String end =
          "baked 160 files (160 kB) in 12 s: 160 fetched, 0 already right; all 160 proven\n";
      assertTrue(text().endsWith(end), text());
    }
  }

  private static void transfer(Progress progress, String file) {
    progress.on(fetching(file, 1000));
    for (int bytes = 0; bytes <= 1000; bytes += 10) {
      progress.on(received(file, bytes));
    }
    progress.on(verified(file, 1000));
  }

  private static void awaitLatch(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void jsonIsWholeLinesThatAgreeWithTheSchemaAndNeverGoBackInTime() throws Exception {
    try (Progress progress = progress(ProgressMode.JSON, Verbosity.QUIET, Terminal.none())) {
      progress.on(new BakeEvent.Planned(1, 0, 9));
      clock.pass(Duration.ofMillis(1500));
      progress.on(fetching("m/a", 9));
      progress.on(new BakeEvent.Notice("two\nlines"));
      progress.on(new BakeEvent.Failed("m/a", new UsageException("a", "b", "c")));
      progress.on(finished(0, 1));
    }
    assertTrue(text().endsWith("\n"));
    DocumentSchema schema = DocumentSchema.named("progress");
    long before = 0;
    for (String line : text().lines().toList()) {
      schema.accepts(line);
      JsonObject event =
          (JsonObject) JsonReader.read(line.getBytes(UTF_8), new JsonBounds(10_000, 8));
      long t = event.whole("t").orElseThrow();
      assertTrue(t >= before, line);
      before = t;
    }
    assertEquals(1500, before);
    assertEquals(6, text().lines().count());
    assertFalse(text().contains("secret"));
  }

  @Test
  void jsonTellsOfReceivedBytesTwiceASecondForEachFile() {
    try (Progress progress = progress(ProgressMode.JSON, Verbosity.NORMAL, Terminal.none())) {
      for (int i = 0; i < 1000; i++) {
        progress.on(received("m/a", i));
        progress.on(received("m/b", i));
        clock.pass(Duration.ofMillis(1));
      }
    }
    assertEquals(4, text().lines().filter(line -> line.contains("received")).count());
  }

  @Test
  void autoDrawsBarsOnlyWhereACursorMoves() {
    for (Terminal.Kind kind : Terminal.Kind.values()) {
      written.reset();
      Terminal terminal = new Terminal(kind, 80, 24, Terminal.Glyphs.ASCII);
      ProgressRenderer renderer =
          Progress.renderer(
              new Progress.Wish(ProgressMode.AUTO, Verbosity.NORMAL, Style.PLAIN),
              output,
              terminal,
              clock);
      assertEquals(kind == Terminal.Kind.ANSI, renderer instanceof TtyProgress);
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = ProgressMode.class,
      names = {"AUTO", "TTY", "PLAIN", "NONE"})
  void quietSaysNothing(ProgressMode mode) {
    try (Progress progress = progress(mode, Verbosity.QUIET, ANSI)) {
      progress.on(new BakeEvent.Planned(1, 0, 9));
      progress.on(new BakeEvent.Notice("x"));
      progress.on(finished(1, 0));
    }
    assertEquals("", text());
  }

  @Test
  void closingTwiceIsHarmlessAndStopsTheThread() {
    Progress progress = progress(ProgressMode.TTY, Verbosity.NORMAL, ANSI);
    progress.close();
    progress.close();
    assertTrue(
        Thread.getAllStackTraces().keySet().stream()
            .noneMatch(thread -> thread.getName().equals("modelbake-progress")));
  }

  @Test
  void coloursNeedATerminalAndNoNoColor() {
    Map<String, String> no = Map.of("NO_COLOR", "1");
    Terminal dumb = new Terminal(Terminal.Kind.DUMB, 80, 24, Terminal.Glyphs.ASCII);
    assertEquals(Style.COLORED, Style.of(Colors.AUTO, ANSI, Map.of()));
    assertEquals(Style.COLORED, Style.of(Colors.AUTO, ANSI, Map.of("NO_COLOR", "")));
    assertEquals(Style.PLAIN, Style.of(Colors.AUTO, ANSI, no));
    assertEquals(Style.PLAIN, Style.of(Colors.AUTO, dumb, Map.of()));
    assertEquals(Style.PLAIN, Style.of(Colors.AUTO, Terminal.none(), Map.of()));
    assertEquals(Style.COLORED, Style.of(Colors.ALWAYS, Terminal.none(), no));
    assertEquals(Style.PLAIN, Style.of(Colors.NEVER, ANSI, Map.of()));
    assertEquals("\u001b[1;31mx\u001b[0m", Style.COLORED.error("x"));
    assertEquals("x", Style.PLAIN.error("x"));
  }

  @Test
  void barsAreDrawnInAsciiUnlessTheLocaleIsUtf8() {
    assertEquals(Terminal.Glyphs.ASCII, Terminal.glyphs(Map.of()));
    assertEquals(Terminal.Glyphs.UNICODE, Terminal.glyphs(Map.of("LANG", "de_DE.UTF-8")));
    assertEquals(Terminal.Glyphs.ASCII, Terminal.glyphs(Map.of("LC_ALL", "C", "LANG", "C.utf8")));
  }

  @Test
  void aLongNameLosesItsBeginning() {
    assertEquals("…el/a.onnx", ProgressCells.fit("long/model/a.onnx", 10));
    assertEquals("m/a   ", ProgressCells.fit("m/a", 6));
    assertEquals("…本語 ", ProgressCells.fit("日本日本語", 6));
    assertEquals("", ProgressCells.fit("abc", 0));
    assertEquals("  x", ProgressCells.right("x", 3));
  }

  @Test
  void theVerbosityOfManyFlagsIsTheHighest() {
    assertEquals(Verbosity.NORMAL, Verbosity.ofCount(0));
    assertEquals(Verbosity.VERBOSE, Verbosity.ofCount(1));
    assertEquals(Verbosity.DETAILED, Verbosity.ofCount(5));
    assertEquals("tty", ProgressMode.TTY.toString());
    assertEquals("never", Colors.NEVER.toString());
  }
}
