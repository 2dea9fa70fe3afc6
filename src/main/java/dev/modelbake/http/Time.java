package dev.modelbake.http;

import java.time.Duration;
import java.time.Instant;

/** The source of time and of pauses. Safe for use by several threads. */
public interface Time {
  /** The time of the machine. */
  Time SYSTEM =
      new Time() {
        @Override
        public Instant now() {
          return Instant.now();
        }

        @Override
        public Duration elapsed() {
          return Duration.ofNanos(System.nanoTime());
        }

        @Override
        public void sleep(Duration pause) throws InterruptedException {
          Thread.sleep(pause.toMillis());
        }
      };

  /** The wall clock, for dates that a server gives. */
  Instant now();

  /** Time since some fixed moment, monotonic, for measuring. */
  Duration elapsed();

  /** Waits. */
  void sleep(Duration pause) throws InterruptedException;
}
