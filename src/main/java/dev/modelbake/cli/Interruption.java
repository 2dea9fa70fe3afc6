package dev.modelbake.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Lets a signal end a run in order: the working thread is interrupted and gets two seconds to stop
 * and to say what it keeps. A courtesy only: image builds are ended with SIGKILL.
 */
final class Interruption implements AutoCloseable {
  private static final long GRACE_SECONDS = 2;

  private final CountDownLatch done = new CountDownLatch(1);
  private final Thread hook;

  private final Session session;

  private Interruption(Thread worker, Session session) {
    this.session = session;
    hook =
        new Thread(
            () -> {
              worker.interrupt();
              await();
            },
            "modelbake-signal");
  }

  /** Guards the current thread until closed. */
  static Interruption guard(Session session) {
    return new Interruption(Thread.currentThread(), session);
  }

  /** Begins to listen for signals, where they are for us. */
  void watch() {
    if (session.standing() == Session.Standing.GUEST) {
      return;
    }
    Runtime.getRuntime().addShutdownHook(hook);
  }

  private void await() {
    try {
      if (!done.await(GRACE_SECONDS, TimeUnit.SECONDS)) {
        return; // the process ends all the same
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    done.countDown();
    if (session.standing() == Session.Standing.GUEST) {
      return;
    }
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The hook runs already: a signal came, and the process ends with its code.
      return;
    }
  }
}
