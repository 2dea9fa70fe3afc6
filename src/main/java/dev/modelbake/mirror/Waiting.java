package dev.modelbake.mirror;

import dev.modelbake.model.InterruptedBakeException;
import dev.modelbake.model.TemporaryException;
import dev.modelbake.store.StoreLocks.Held;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** Waits for the lock of a directory, and not for ever. */
record Waiting(Path directory, Duration most) {
  private static final Duration LOOK = Duration.ofMillis(200);

  /** Asks for a lock. */
  @FunctionalInterface
  interface Asking {
    Optional<Held> ask() throws IOException;
  }

  /**
   * The lock.
   *
   * @param doing what it is wanted for
   * @param others what those who have it do
   * @throws TemporaryException if they have it all the time
   */
  Held take(Asking asking, String doing, String others) throws IOException {
    long begin = System.nanoTime();
    while (true) {
      Optional<Held> lock = asking.ask();
      if (lock.isPresent()) {
        return lock.get();
      }
      if (System.nanoTime() - begin > most.toNanos()) {
        throw new TemporaryException(
            doing + " " + directory,
            "%s, and did so for %d s".formatted(others, most.toSeconds()),
            "run it again when they are done",
            null);
      }
      try {
        Thread.sleep(LOOK.toMillis());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new InterruptedBakeException("waiting for " + directory);
      }
    }
  }
}
