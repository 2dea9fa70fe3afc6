package dev.modelbake.testing;

import dev.modelbake.http.Time;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Time that stands still until a test moves it; a pause moves it and takes no time. */
public final class ManualTime implements Time {
  private final List<Duration> pauses = new ArrayList<>();
  private Duration elapsed = Duration.ZERO;

  @Override
  public Instant now() {
    return Instant.parse("2026-11-20T12:00:00Z");
  }

  @Override
  public synchronized Duration elapsed() {
    return elapsed;
  }

  @Override
  public synchronized void sleep(Duration pause) {
    pauses.add(pause);
    elapsed = elapsed.plus(pause);
  }

  /** Lets time pass. */
  public synchronized void pass(Duration time) {
    elapsed = elapsed.plus(time);
  }

  /** The pauses so far. */
  public synchronized List<Duration> pauses() {
    return List.copyOf(pauses);
  }
}
