package dev.modelbake.verify;

import dev.modelbake.model.InterruptedBakeException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * Runs tasks on a bounded number of threads.
 *
 * @param threads 1 or more
 */
record Workers(int threads) {
  /** One thread for each processor. */
  static Workers onAllCores() {
    return new Workers(Runtime.getRuntime().availableProcessors());
  }

  /**
   * The tasks' results, in their order.
   *
   * @throws InterruptedBakeException when the calling thread is interrupted
   */
  <T> List<T> all(List<? extends Callable<T>> tasks, String doing) {
    ExecutorService pool =
        Executors.newFixedThreadPool(
            Math.max(1, Math.min(threads, tasks.size())),
            work -> {
              Thread thread = new Thread(work, "modelbake-verify");
              thread.setDaemon(true);
              return thread;
            });
    try {
      List<Future<T>> running = new ArrayList<>();
      tasks.forEach(task -> running.add(pool.submit(task)));
      List<T> results = new ArrayList<>();
      for (Future<T> one : running) {
        results.add(one.get());
      }
      return results;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedBakeException(doing);
    } catch (ExecutionException e) {
      throw rethrown(e);
    } finally {
      end(pool);
    }
  }

  /** Waits for the threads, so that none is left behind when a call returns. */
  private static void end(ExecutorService pool) {
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

  private static RuntimeException rethrown(ExecutionException e) {
    if (e.getCause() instanceof Error error) {
      throw error;
    }
    return e.getCause() instanceof RuntimeException known ? known : new IllegalStateException(e);
  }
}
