package dev.modelbake.work;

import dev.modelbake.model.BakeException;
import dev.modelbake.model.InterruptedBakeException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * A bounded number of threads, which begin and end with each call.
 *
 * @param name of the threads
 * @param most at once, 1 or more
 */
public record Workers(String name, int most) {
  /**
   * For what waits for disk and network, a file each.
   *
   * @param jobs at once, 1 or more
   */
  public static Workers onFiles(int jobs) {
    return new Workers("modelbake-file", jobs);
  }

  /** For what computes: one thread for each processor. */
  public static Workers onAllCores(String name) {
    return new Workers(name, Runtime.getRuntime().availableProcessors());
  }

  /**
   * The tasks' results, in their order; the first failure in that order ends all.
   *
   * @param doing what is interrupted, for messages
   * @throws InterruptedBakeException when this thread is interrupted; the threads have ended by
   *     then
   */
  public <T> List<T> all(List<? extends Callable<T>> tasks, String doing) {
    return run(tasks, doing, Workers::results);
  }

  /**
   * Does it for all; one item's failure does not stop the others.
   *
   * @param doing what is interrupted, for messages
   * @return the failures, in the order of the items
   * @throws InterruptedBakeException when this thread is interrupted; the threads have ended by
   *     then
   */
  public <T> List<BakeException> forEach(List<T> items, String doing, Consumer<T> action) {
    List<Callable<Boolean>> tasks = new ArrayList<>();
    for (T item : items) {
      tasks.add(
          () -> {
            action.accept(item);
            return true;
          });
    }
    return run(tasks, doing, Workers::failures);
  }

  /** What is made of running tasks. */
  private interface Outcome<T, R> {
    R of(List<Future<T>> running) throws InterruptedException;
  }

  private <T, R> R run(List<? extends Callable<T>> tasks, String doing, Outcome<T, R> outcome) {
    ExecutorService pool =
        Executors.newFixedThreadPool(
            Math.max(1, Math.min(most, tasks.size())),
            task -> {
              Thread thread = new Thread(task, name);
              thread.setDaemon(true);
              return thread;
            });
    try {
      List<Future<T>> running = new ArrayList<>();
      tasks.forEach(task -> running.add(pool.submit(task)));
      return outcome.of(running);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedBakeException(doing);
    } finally {
      end(pool);
    }
  }

  private static <T> List<T> results(List<Future<T>> running) throws InterruptedException {
    List<T> results = new ArrayList<>();
    for (Future<T> one : running) {
      try {
        results.add(one.get());
      } catch (ExecutionException e) {
        if (e.getCause() instanceof BakeException failure) {
          throw failure;
        }
        throw broken(e);
      }
    }
    return results;
  }

  /** Every future is asked: a task's Error would otherwise be swallowed. */
  private static <T> List<BakeException> failures(List<Future<T>> running)
      throws InterruptedException {
    List<BakeException> failures = new ArrayList<>();
    for (Future<T> one : running) {
      try {
        one.get();
      } catch (ExecutionException e) {
        if (!(e.getCause() instanceof BakeException failure)) {
          throw broken(e);
        }
        // What is wrong with the run as a whole, such as its credentials, is one failure.
        if (!failures.contains(failure)) {
          failures.add(failure);
        }
      }
    }
    return failures;
  }

  private static IllegalStateException broken(ExecutionException e) {
    return new IllegalStateException("a task broke", e.getCause());
  }

  /**
   * Interrupts what still runs and waits for its end, so that nothing writes afterwards; another
   * interrupt of this thread does not shorten that.
   */
  private static void end(ExecutorService pool) {
    boolean interrupted = Thread.interrupted();
    boolean ended = false;
    while (!ended) {
      pool.shutdownNow();
      try {
        ended = pool.awaitTermination(1, TimeUnit.SECONDS);
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
