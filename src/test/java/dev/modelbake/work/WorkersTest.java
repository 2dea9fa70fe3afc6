package dev.modelbake.work;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.modelbake.model.InterruptedBakeException;
import dev.modelbake.model.UsageException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class WorkersTest {
  private static UsageException failure(String of) {
    return new UsageException("trying " + of, "it is wrong", "give another");
  }

  @Test
  void oneFailureDoesNotStopTheOthersAndAllAreKeptInOrder() {
    Set<String> done = ConcurrentHashMap.newKeySet();
    UsageException first = failure("b");
    UsageException second = failure("d");
    var failures =
        Workers.onFiles(2)
            .forEach(
                List.of("a", "b", "c", "d", "e"),
                "trying",
                item -> {
                  if (item.equals("b")) {
                    throw first;
                  }
                  if (item.equals("d")) {
                    throw second;
                  }
                  done.add(item);
                });
    assertEquals(List.of(first, second), failures);
    assertEquals(Set.of("a", "c", "e"), done);
  }

  @Test
  void resultsComeInTheOrderOfTheTasks() {
    List<Callable<Integer>> tasks = List.of(() -> 1, () -> 2, () -> 3);
    assertEquals(List.of(1, 2, 3), Workers.onAllCores("modelbake-test").all(tasks, "counting"));
  }

  @Test
  void anErrorOfATaskIsNotSwallowed() {
    StackOverflowError error = new StackOverflowError();
    IllegalStateException broken =
        assertThrows(
            IllegalStateException.class,
            () ->
                Workers.onFiles(1)
                    .forEach(
                        List.of("a"),
                        "trying",
                        item -> {
                          throw error;
                        }));
    assertSame(error, broken.getCause());
  }

  @Test
  void anInterruptEndsTheThreadsBeforeItIsTold() throws InterruptedException {
    CountDownLatch begun = new CountDownLatch(1);
    AtomicBoolean ended = new AtomicBoolean();
    AtomicBoolean told = new AtomicBoolean();
    Thread caller =
        new Thread(
            () -> {
              assertThrows(
                  InterruptedBakeException.class,
                  () ->
                      Workers.onFiles(1)
                          .forEach(List.of("a"), "waiting", item -> waitFor(begun, ended)));
              told.set(ended.get() && Thread.currentThread().isInterrupted());
            });
    caller.start();
    begun.await();
    assertFalse(ended.get());
    caller.interrupt();
    caller.join();
    assertTrue(told.get());
  }

  private static void waitFor(CountDownLatch begun, AtomicBoolean ended) {
    begun.countDown();
    try {
      new CountDownLatch(1).await();
    } catch (InterruptedException e) {
      ended.set(true);
    }
  }

  /** Who is interrupted twice, as by a listener that many threads call, waits all the same. */
  @Test
  void theThreadsHaveEndedAlsoAfterAnotherInterrupt() {
    Thread here = Thread.currentThread();
    CountDownLatch never = new CountDownLatch(1);
    CountDownLatch later = new CountDownLatch(1);
    AtomicBoolean ended = new AtomicBoolean();
    assertThrows(
        InterruptedBakeException.class,
        () ->
            Workers.onFiles(1)
                .forEach(
                    List.of("a"),
                    "trying",
                    item -> {
                      here.interrupt();
                      try {
                        never.await();
                      } catch (InterruptedException e) {
                        here.interrupt();
                        new Thread(
                                () -> {
                                  awaitState(here, Thread.State.TIMED_WAITING);
                                  later.countDown();
                                })
                            .start();
                        awaitQuietly(later);
                        ended.set(true);
                      }
                    }));
    assertTrue(Thread.interrupted());
    assertTrue(ended.get(), "it still ran");
  }

  /** Until the thread has taken its interrupt and waits again. */
  private static void awaitState(Thread thread, Thread.State state) {
    while (thread.isInterrupted() || thread.getState() != state) {
      Thread.onSpinWait();
    }
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      awaitQuietly(latch);
    }
  }
}
