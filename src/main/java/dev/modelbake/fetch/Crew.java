package dev.modelbake.fetch;

import dev.modelbake.http.HttpFailure;
import dev.modelbake.model.InterruptedBakeException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The further connections of one transfer, a thread for each. One that fails is not replaced: what
 * it leaves is for the others. Safe for use by several threads.
 */
final class Crew {
  private final Lanes lanes;
  private final List<Thread> threads = new ArrayList<>();
  private volatile boolean stopped;
  private volatile @Nullable Throwable broken;

  Crew(Lanes lanes) {
    this.lanes = lanes;
  }

  /** What one of them does. */
  @FunctionalInterface
  interface Work {
    void run() throws HttpFailure;
  }

  /** Adds as many as the transfer may still have and the host has room for. */
  void hire(Work work) {
    boolean hired = true;
    while (hired) {
      hired = hireOne(work);
    }
  }

  /** Adds one; whether there was room for it. */
  synchronized boolean hireOne(Work work) {
    if (stopped || threads.size() + 1 >= lanes.most() || !lanes.hosts().tryEnter(lanes.origin())) {
      return false;
    }
    Thread thread = new Thread(() -> run(work), "modelbake-segment");
    thread.setDaemon(true);
    threads.add(thread);
    thread.start();
    return true;
  }

  /** Whether nobody wants more of them. */
  boolean isStopped() {
    return stopped;
  }

  /**
   * Waits until all have ended.
   *
   * @throws InterruptedBakeException if the calling thread is interrupted; they have ended by then
   */
  void await() {
    boolean interrupted = false;
    for (Thread thread = next(); thread != null; thread = next()) {
      try {
        thread.join();
        leave(thread);
      } catch (InterruptedException e) {
        interrupted = true;
        stop();
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
      throw new InterruptedBakeException("fetching from " + lanes.origin());
    }
    Throwable found = broken;
    if (found instanceof Error error) {
      throw error;
    }
    if (found instanceof RuntimeException failure) {
      throw failure;
    }
  }

  /** Whether one of them met what ends the transfer. */
  boolean isBroken() {
    return broken != null;
  }

  /** Ends all of them, and waits for that; others may be hired afterwards. */
  void dismiss() {
    stop();
    await();
    stopped = false;
  }

  private synchronized void stop() {
    stopped = true;
    threads.forEach(Thread::interrupt);
  }

  private synchronized @Nullable Thread next() {
    return threads.isEmpty() ? null : threads.get(0);
  }

  private synchronized void leave(Thread thread) {
    threads.remove(thread);
  }

  private void run(Work work) {
    try {
      work.run();
    } catch (HttpFailure e) {
      // What it claimed is free again; the transfer goes on with fewer.
      return;
    } catch (InterruptedBakeException e) {
      if (!stopped) {
        broken = e;
      }
    } catch (RuntimeException | Error e) {
      // The disk, or a bug: the transfer is over.
      broken = e;
      stopped = true;
    } finally {
      lanes.hosts().leave(lanes.origin());
    }
  }
}
