package dev.modelbake.cli;

import dev.modelbake.model.BakeEvent;
import dev.modelbake.report.Amounts;
import dev.modelbake.report.Labels;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.function.LongSupplier;

/**
 * Progress for a build log: few lines, a heartbeat, and a bound on it all, since a builder cuts a
 * step's log at two megabytes and then hides what comes last, which is the cause.
 */
final class PlainProgress implements ProgressRenderer {
  static final int MOST_BYTES = 128 << 10;
  private static final int RESERVE = 4 << 10;
  private static final int FINISHED_LINES = 200;
  private static final long SECOND = 1_000_000_000L;

  private final Output output;
  private final LongSupplier nanoTime;
  private final ProgressTally tally = new ProgressTally();
  private final ProgressMessages messages;
  private final long start;
  private long lastHeartbeat;
  private int finished;
  private int bytes;
  private boolean running;
  private boolean cut;

  PlainProgress(Progress.Wish wish, Output output, LongSupplier nanoTime) {
    this.output = output;
    this.nanoTime = nanoTime;
    this.messages = new ProgressMessages(tally, wish);
    this.start = nanoTime.getAsLong();
    this.lastHeartbeat = start;
  }

  @Override
  public Duration interval() {
    return Duration.ofSeconds(1);
  }

  @Override
  public void on(BakeEvent event) {
    long now = nanoTime.getAsLong();
    if (event instanceof BakeEvent.Received) {
      tally.count(event, now);
    } else {
      tell(event, now);
    }
  }

  private synchronized void tell(BakeEvent event, long now) {
    String line = messages.of(event, now).orElse("");
    tally.count(event, now);
    if (event instanceof BakeEvent.Planned || event instanceof BakeEvent.Fetching) {
      running = true;
    } else if (event instanceof BakeEvent.Finished) {
      running = false;
      // The summary has its place reserved.
      output.print(line.isEmpty() ? "" : line + "\n");
      return;
    } else if (event instanceof BakeEvent.Verified) {
      finished++;
      if (finished > FINISHED_LINES) {
        return;
      }
      if (finished == FINISHED_LINES && tally.files() - tally.kept() > FINISHED_LINES) {
        line += "; from here on only counts";
      }
    }
    print(line);
  }

  @Override
  public synchronized void tick() {
    long now = nanoTime.getAsLong();
    tally.speed(now);
    if (running && now - lastHeartbeat >= pause(now - start)) {
      lastHeartbeat = now;
      print(heartbeat(now));
    }
  }

  /** Ten seconds at first; the longer a run has taken, the less a minute matters. */
  private static long pause(long elapsed) {
    long minutes = elapsed / (60 * SECOND);
    return SECOND * (minutes < 10 ? 10 : minutes < 60 ? 30 : minutes < 360 ? 120 : 600);
  }

  private String heartbeat(long now) {
    List<String> parts = new ArrayList<>();
    OptionalDouble fraction = tally.fraction();
    OptionalLong expected = tally.expected();
    String whole = expected.isPresent() ? " of " + Amounts.size(expected.getAsLong()) : "";
    String percent =
        fraction.isPresent() ? "%3d%%  ".formatted((int) (fraction.getAsDouble() * 100)) : "";
    parts.add(percent + Amounts.size(tally.bytes()) + whole);
    List<ProgressTally.Active> active = tally.active();
    boolean fetching =
        active.stream().anyMatch(one -> one.phase() != ProgressTally.Phase.UNPACKING);
    if (fetching && tally.silence(now) >= 10 * SECOND) {
      parts.add("no bytes for " + Amounts.time(Duration.ofNanos(tally.silence(now))));
    } else if (fetching && tally.speed(now) >= 1) {
      parts.add(Amounts.rate(tally.speed(now)));
      tally
          .secondsLeft(now)
          .ifPresent(left -> parts.add(Amounts.time(Duration.ofSeconds(left)) + " left"));
    }
    if (tally.isPlanned()) {
      parts.add("%d of %s".formatted(tally.done(), Amounts.count(tally.files(), "file")));
    }
    return String.join("  ", parts) + doing(active);
  }

  private static String doing(List<ProgressTally.Active> active) {
    if (active.isEmpty()) {
      return "";
    }
    ProgressTally.Active first = active.get(0);
    String verb =
        switch (first.phase()) {
          case FETCHING -> "fetching ";
          case RETRYING -> "waiting to retry ";
          case UNPACKING -> "unpacking ";
        };
    String others = active.size() == 1 ? "" : " and " + (active.size() - 1) + " more";
    return "; " + verb + Labels.line(first.file()) + others;
  }

  private void print(String line) {
    if (line.isEmpty() || cut) {
      return;
    }
    int length = line.getBytes(StandardCharsets.UTF_8).length + 1;
    if (bytes + length > MOST_BYTES - RESERVE) {
      cut = true;
      output.line("this log is long enough: only the summary follows");
      return;
    }
    bytes += length;
    output.line(line);
  }
}
