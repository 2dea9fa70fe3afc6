package dev.modelbake.cli;

import dev.modelbake.model.BakeEvent;
import java.time.Duration;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * Progress on a terminal: bars at the bottom, lines that stay above them.
 *
 * <p>After each drawing the cursor stands at the beginning of the line below the bars and is never
 * hidden: whatever ends the process, the terminal is usable and the next prompt has its own line.
 */
final class TtyProgress implements ProgressRenderer {
  private static final long FRAME = 100_000_000L;
  private static final String CLEAR_LINE = "\u001b[K";
  private static final String CLEAR_BELOW = "\u001b[J";

  private final Output output;
  private final LongSupplier nanoTime;
  private final ProgressTally tally = new ProgressTally();
  private final ProgressMessages messages;
  private final ProgressBar bar;
  private final int columns;
  private int drawn;
  private long lastFrame;
  private boolean running;

  TtyProgress(Progress.Wish wish, Output output, Terminal terminal, LongSupplier nanoTime) {
    this.output = output;
    this.nanoTime = nanoTime;
    this.messages = new ProgressMessages(tally, wish);
    this.bar = new ProgressBar(terminal, wish.style());
    this.columns = terminal.columns();
  }

  @Override
  public Duration interval() {
    return Duration.ofNanos(FRAME);
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
    if (event instanceof BakeEvent.Planned e) {
      running = e.files() > e.kept();
      // The first frame comes at the first tick: a run of an instant shows no bars.
      lastFrame = now;
    } else if (event instanceof BakeEvent.Fetching && !running) {
      // Pinning has no plan: it shows what is under way.
      running = true;
      lastFrame = now;
    } else if (event instanceof BakeEvent.Finished) {
      running = false;
    }
    if (!line.isEmpty()) {
      // The bars come back in the same write: they do not blink.
      boolean barsStay = running && drawn > 0;
      output.print(erase() + Folded.at(columns, line) + "\n" + (barsStay ? frame(now) : ""));
    }
  }

  @Override
  public synchronized void tick() {
    long now = nanoTime.getAsLong();
    if (running && now - lastFrame >= FRAME) {
      lastFrame = now;
      output.print(frame(now));
    }
  }

  /** One write for each frame, each line cleared behind its text: nothing flickers. */
  private String frame(long now) {
    List<String> lines = bar.lines(tally, now);
    StringBuilder frame = new StringBuilder(up());
    for (String line : lines) {
      frame.append(line).append(CLEAR_LINE).append('\n');
    }
    drawn = lines.size();
    return frame.append(CLEAR_BELOW).toString();
  }

  private String up() {
    return drawn == 0 ? "" : "\u001b[" + drawn + "A\r";
  }

  private String erase() {
    String erase = drawn == 0 ? "" : up() + CLEAR_BELOW;
    drawn = 0;
    return erase;
  }

  @Override
  public synchronized void end() {
    running = false;
    output.print(erase());
  }
}
