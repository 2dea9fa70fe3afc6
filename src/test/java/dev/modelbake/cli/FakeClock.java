package dev.modelbake.cli;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/** A monotonic clock that moves only when told. */
final class FakeClock implements LongSupplier {
  /** A start below zero, since such clocks may begin anywhere. */
  private final AtomicLong nanos = new AtomicLong(-5_000_000_000L);

  void pass(Duration time) {
    nanos.addAndGet(time.toNanos());
  }

  @Override
  public long getAsLong() {
    return nanos.get();
  }
}
