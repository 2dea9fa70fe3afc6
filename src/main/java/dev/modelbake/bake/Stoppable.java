package dev.modelbake.bake;

import dev.modelbake.model.BakeException;
import dev.modelbake.model.FailureKind;
import dev.modelbake.model.InterruptedBakeException;
import java.util.function.Supplier;

/**
 * Makes one thing of all that an interrupt breaks: a closed channel, a lock not had, a read that
 * failed.
 */
final class Stoppable {
  private Stoppable() {}

  /**
   * Does some work.
   *
   * @throws InterruptedBakeException if this thread was interrupted before it, or was and it failed
   */
  static <T> T call(String doing, Supplier<T> work) {
    if (Thread.currentThread().isInterrupted()) {
      throw new InterruptedBakeException(doing);
    }
    try {
      return work.get();
    } catch (RuntimeException e) {
      boolean told = e instanceof BakeException known && known.kind() == FailureKind.INTERRUPTED;
      if (told || !Thread.currentThread().isInterrupted()) {
        throw e;
      }
      InterruptedBakeException stopped = new InterruptedBakeException(doing);
      stopped.addSuppressed(e);
      throw stopped;
    }
  }
}
