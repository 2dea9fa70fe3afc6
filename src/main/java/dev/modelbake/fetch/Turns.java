package dev.modelbake.fetch;

import dev.modelbake.http.Time;
import dev.modelbake.model.BakeEvent;
import dev.modelbake.model.BakeListener;
import dev.modelbake.model.Digest;
import dev.modelbake.model.InterruptedBakeException;
import dev.modelbake.store.BlobStore;
import dev.modelbake.store.StoreLocks;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Lets runs that share a store wait for each other rather than bring the same bytes twice. Nobody
 * waits for a run that does nothing: what is right is so without turns.
 */
record Turns(BakeListener listener, Time time) {
  private static final Duration LOOK = Duration.ofMillis(200);
  private static final Duration TELL = Duration.ofSeconds(10);

  /** A run that brings nothing for so long is not waited for. */
  private static final Duration IDLE = Duration.ofSeconds(60);

  /** The right to bring one digest, as long as nobody else breaks it. */
  record Turn(Optional<StoreLocks.Held> lock, boolean waited) implements AutoCloseable {
    /** Whether there are turns at all: it was waited for, or it is had. */
    boolean isOne() {
      return waited || lock.isPresent();
    }

    @Override
    public void close() {
      try {
        if (lock.isPresent()) {
          lock.get().close();
        }
      } catch (IOException e) {
        // It ends with the process.
        return;
      }
    }
  }

  /** Asks for a lock. */
  @FunctionalInterface
  private interface Asking<T> {
    Optional<T> ask() throws IOException;
  }

  /** Says that a store is in use; waits while another cleans it up. */
  void use(BlobStore store) {
    if (store.locks().isPresent()) {
      StoreLocks locks = store.locks().get();
      wait(
          () -> locks.use() ? Optional.of(locks) : Optional.empty(),
          () -> Instant.EPOCH,
          "waiting while the store is cleaned up");
    }
  }

  /** The turn to bring a digest into a store. */
  Turn take(BlobStore store, Digest digest, String file) {
    if (store.locks().isEmpty()) {
      return new Turn(Optional.empty(), false);
    }
    StoreLocks locks = store.locks().get();
    try {
      Optional<StoreLocks.Held> free = locks.take(digest);
      if (free.isPresent()) {
        return new Turn(free, false);
      }
    } catch (IOException e) {
      return new Turn(Optional.empty(), false);
    }
    Optional<StoreLocks.Held> lock =
        wait(
            () -> locks.take(digest),
            () -> store.lastWritten(digest),
            file + ": another run is bringing it into the store, waiting for it");
    return new Turn(lock, true);
  }

  /** How far the other one is. */
  @FunctionalInterface
  private interface Gauge {
    Instant lastMoved() throws IOException;
  }

  private <T> Optional<T> wait(Asking<T> asking, Gauge gauge, String why) {
    Duration begin = time.elapsed();
    Duration moved = begin;
    Instant last = Instant.MIN;
    boolean told = false;
    try {
      while (true) {
        Optional<T> got = asking.ask();
        Duration now = time.elapsed();
        Instant found = gauge.lastMoved();
        moved = found.equals(last) ? moved : now;
        last = found;
        if (got.isPresent() || now.minus(moved).compareTo(IDLE) > 0) {
          return got;
        }
        if (!told && now.minus(begin).compareTo(TELL) > 0) {
          told = true;
          listener.on(new BakeEvent.Notice(why));
        }
        time.sleep(LOOK);
      }
    } catch (IOException e) {
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedBakeException("waiting for a store");
    }
  }
}
