package dev.modelbake.fetch;

import dev.modelbake.model.BakeException;
import dev.modelbake.model.InterruptedBakeException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Does one thing for many files on a bounded pool and keeps every failure. */
public final class Runs {
  private final int jobs;

  /**
   * A pool.
   *
   * @param jobs at once, 1 or more
   */
  public Runs(int jobs) {
    this.jobs = jobs;
  }

  /**
   * Does it for all; one file's failure does not stop the others.
   *
   * @return the failures, in the order of the items
   * @throws InterruptedBakeException when this thread is interrupted; the pool has ended by then
   */
  public <T> List<BakeException> forEach(List<T> items, Consumer<T> action) {
    if (items.isEmpty()) {
      return List.of();
    }
    ExecutorService pool =
        Executors.newFixedThreadPool(
            Math.min(jobs, items.size()),
            task -> {
              Thread thread = new Thread(task, "modelbake-file");
              thread.setDaemon(true);
              return thread;
            });
    try {
      List<Future<?>> running = new ArrayList<>();
      for (T item : items) {
        running.add(pool.submit(() -> action.accept(item)));
      }
      return failures(running);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedBakeException("fetching");
    } finally {
      shutdown(pool);
    }
  }

  /** Every future is asked: a task's Error would otherwise be swallowed. */
  private static List<BakeException> failures(List<Future<?>> running) throws InterruptedException {
    List<BakeException> failures = new ArrayList<>();
    for (Future<?> one : running) {
      try {
        one.get();
      } catch (ExecutionException e) {
        if (e.getCause() instanceof BakeException failure) {
          // What is wrong with the run as a whole, such as its credentials, is one failure.
          if (!failures.contains(failure)) {
            failures.add(failure);
          }
        } else {
          throw new IllegalStateException("a file's task broke", e.getCause());
        }
      }
    }
    return failures;
  }

  /** Interrupts what still runs and waits for its end, so that nothing writes afterwards. */
  private static void shutdown(ExecutorService pool) {
    pool.shutdownNow();
    boolean interrupted = Thread.interrupted();
    try {
      while (!pool.awaitTermination(1, TimeUnit.SECONDS)) {
        pool.shutdownNow();
      }
    } catch (InterruptedException e) {
      interrupted = true;
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
