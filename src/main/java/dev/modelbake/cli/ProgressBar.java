package dev.modelbake.cli;

import dev.modelbake.report.Amounts;
import dev.modelbake.report.Labels;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * Lays out the lines of a terminal's progress: one for each active file, one for the whole. No line
 * reaches the last column, where some terminals wrap.
 */
final class ProgressBar {
  private static final int PERCENT = 4;
  private static final int AMOUNT = 17;
  private static final int SPEED = 9;
  private static final int LEFT = 12;
  private static final int GAP = 2;
  private static final int NARROW = 60;
  private static final int WIDE = 100;
  private static final int MOST_BAR = 40;
  private static final int MOST_NAME = 60;

  /** The cells of one line. */
  private record Cells(
      String name, OptionalDouble fraction, String amount, String speed, String tail) {}

  private final int width;
  private final int mostFiles;
  private final Terminal.Glyphs glyphs;
  private final Style style;

  ProgressBar(Terminal terminal, Style style) {
    this.width = terminal.columns() - 1;
    this.mostFiles = Math.max(1, Math.min(10, terminal.rows() - 4));
    this.glyphs = terminal.glyphs();
    this.style = style;
  }

  /** The lines, each narrower than the terminal, at most its rows but two. */
  List<String> lines(ProgressTally tally, long now) {
    List<String> lines = new ArrayList<>();
    List<ProgressTally.Active> active = tally.active();
    for (ProgressTally.Active one : active.subList(0, Math.min(mostFiles, active.size()))) {
      lines.add(line(file(one, now)));
    }
    if (active.size() > mostFiles) {
      lines.add(
          ProgressCells.fit("and " + (active.size() - mostFiles) + " more files", width)
              .stripTrailing());
    }
    if (tally.isPlanned()) {
      lines.add(line(total(tally, now)));
    }
    return lines;
  }

  private static Cells file(ProgressTally.Active one, long now) {
    String name = Labels.line(one.file());
    double perSecond = one.speed(now);
    if (one.phase() == ProgressTally.Phase.UNPACKING) {
      return new Cells(name, OptionalDouble.empty(), "", "unpacking", clock(now - one.since()));
    }
    OptionalDouble fraction =
        one.size().orElse(0) > 0
            ? OptionalDouble.of(Math.min(1, (double) one.bytes() / one.size().getAsLong()))
            : OptionalDouble.empty();
    String speed =
        one.phase() == ProgressTally.Phase.RETRYING
            ? "retrying"
            : perSecond > 0 ? Amounts.rate(perSecond) : "";
    return new Cells(name, fraction, amount(one.bytes(), one.size()), speed, "");
  }

  private static Cells total(ProgressTally tally, long now) {
    double perSecond = tally.speed(now);
    OptionalLong left = tally.secondsLeft(now);
    return new Cells(
        "%d of %s".formatted(tally.done(), Amounts.count(tally.files(), "file")),
        tally.fraction(),
        amount(tally.bytes(), tally.expected()),
        perSecond > 0 ? Amounts.rate(perSecond) : "",
        left.isPresent() ? clock(left.getAsLong() * 1_000_000_000L) + " left" : "");
  }

  private static String amount(long bytes, OptionalLong size) {
    return Amounts.size(bytes) + (size.isPresent() ? " / " + Amounts.size(size.getAsLong()) : "");
  }

  /** Such as {@code 0:07} or {@code 1:05:03}. */
  private static String clock(long nanos) {
    Duration time = Duration.ofNanos(Math.max(0, nanos));
    if (time.toHours() > 99) {
      return "days";
    }
    return time.toHours() > 0
        ? "%d:%02d:%02d".formatted(time.toHours(), time.toMinutesPart(), time.toSecondsPart())
        : "%d:%02d".formatted(time.toMinutes(), time.toSecondsPart());
  }

  private String line(Cells cells) {
    return width < NARROW ? narrow(cells) : wide(cells);
  }

  /** Name, percent, and the more telling of time left and speed. */
  private String narrow(Cells cells) {
    boolean hasTimeLeft = cells.fraction().isPresent() && !cells.tail().isEmpty();
    String last = hasTimeLeft ? cells.tail() : cells.speed();
    int name = width - PERCENT - LEFT - 2 * GAP;
    return (ProgressCells.fit(cells.name(), name)
            + gap()
            + ProgressCells.right(percent(cells.fraction()), PERCENT)
            + gap()
            + last)
        .stripTrailing();
  }

  private String wide(Cells cells) {
    int amount = width >= WIDE ? AMOUNT + GAP : 0;
    int free = width - PERCENT - SPEED - LEFT - 4 * GAP - amount;
    int bar = Math.min(MOST_BAR, free * 2 / 5);
    int name = Math.min(MOST_NAME, free - bar);
    return (ProgressCells.fit(cells.name(), name)
            + gap()
            + bar(cells.fraction(), bar)
            + gap()
            + ProgressCells.right(percent(cells.fraction()), PERCENT)
            + gap()
            + (amount > 0 ? ProgressCells.right(cells.amount(), AMOUNT) + gap() : "")
            + ProgressCells.right(cells.speed(), SPEED)
            + gap()
            + cells.tail())
        .stripTrailing();
  }

  private static String gap() {
    return " ".repeat(GAP);
  }

  private static String percent(OptionalDouble fraction) {
    return fraction.isPresent() ? (int) (fraction.getAsDouble() * 100) + "%" : "";
  }

  private String bar(OptionalDouble fraction, int length) {
    int full = (int) Math.round(fraction.orElse(0) * length);
    boolean unicode = glyphs == Terminal.Glyphs.UNICODE;
    String done = (unicode ? "━" : "#").repeat(full);
    String rest = (unicode ? "─" : ".").repeat(length - full);
    return fraction.isPresent() ? style.good(done) + style.faint(rest) : " ".repeat(length);
  }
}
