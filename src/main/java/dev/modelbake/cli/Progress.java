package dev.modelbake.cli;

import dev.modelbake.model.BakeEvent;
import dev.modelbake.model.BakeListener;
import java.time.Duration;
import java.util.function.LongSupplier;

/** Shows a run's progress, until it is closed. */
final class Progress implements BakeListener, AutoCloseable {
  /**
   * What the user asked for.
   *
   * @param style colours or none
   */
  record Wish(ProgressMode mode, Verbosity verbosity, Style style, Purpose purpose) {
    Wish(ProgressMode mode, Verbosity verbosity, Style style) {
      this(mode, verbosity, style, Purpose.BAKE);
    }
  }

  private final ProgressRenderer renderer;
  private final Thread ticker;

  private Progress(ProgressRenderer renderer) {
    this.renderer = renderer;
    this.ticker = new Thread(() -> tickUntilInterrupted(renderer), "modelbake-progress");
    ticker.setDaemon(true);
  }

  /**
   * Begins to show progress.
   *
   * @param nanoTime a monotonic clock in nanoseconds
   */
  static Progress of(Wish wish, Output output, Terminal terminal, LongSupplier nanoTime) {
    Progress progress = new Progress(renderer(wish, output, terminal, nanoTime));
    if (!progress.renderer.interval().isZero()) {
      progress.ticker.start();
    }
    return progress;
  }

  static ProgressRenderer renderer(
      Wish wish, Output output, Terminal terminal, LongSupplier nanoTime) {
    boolean quiet = wish.verbosity() == Verbosity.QUIET && wish.mode() != ProgressMode.JSON;
    ProgressMode mode = quiet ? ProgressMode.NONE : wish.mode();
    return switch (mode) {
      case NONE -> ProgressRenderer.NONE;
      case JSON -> new JsonProgress(output, nanoTime);
      case PLAIN -> new PlainProgress(wish, output, nanoTime);
      case TTY -> new TtyProgress(wish, output, terminal, nanoTime);
      case AUTO ->
          terminal.kind() == Terminal.Kind.ANSI
              ? new TtyProgress(wish, output, terminal, nanoTime)
              : new PlainProgress(wish, output, nanoTime);
    };
  }

  @Override
  public void on(BakeEvent event) {
    renderer.on(event);
  }

  private static void tickUntilInterrupted(ProgressRenderer renderer) {
    Duration interval = renderer.interval();
    try {
      while (!Thread.currentThread().isInterrupted()) {
        Thread.sleep(interval.toMillis());
        renderer.tick();
      }
    } catch (InterruptedException e) {
      // Asked to end.
    }
  }

  /** Ends the drawing; nothing is printed afterwards. */
  @Override
  public void close() {
    ticker.interrupt();
    boolean interrupted = false;
    while (ticker.isAlive()) {
      try {
        ticker.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    renderer.end();
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
