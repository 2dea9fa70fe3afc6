package dev.modelbake.http;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Ends exchanges that take too long or whose thread was interrupted, from a thread of its own: a
 * read that blocks cannot look at the clock, and the client's own time-outs begin anew with each
 * byte.
 */
final class Watchdog implements AutoCloseable {
  private static final long TICK_MILLIS = 50;

  private final Time time;
  private final Limits limits;
  private final Duration begin;
  private final Set<Watch> watches = ConcurrentHashMap.newKeySet();
  private final Object lock = new Object();
  private @Nullable Thread running;
  private boolean closed;

  Watchdog(Time time, Limits limits) {
    this.time = time;
    this.limits = limits;
    begin = time.elapsed();
  }

  /** Why an exchange was ended. */
  enum Verdict {
    INTERRUPTED,
    SLOW_HEADERS,
    STALLED,
    DEADLINE
  }

  /** One exchange under watch, from its request to the end of its body. */
  final class Watch implements AutoCloseable {
    private final Thread owner = Thread.currentThread();
    private final AtomicReference<Verdict> verdict = new AtomicReference<>();
    private final Pace pace;
    private final Runnable cancel;
    private volatile Duration answerBy;
    private volatile boolean flowing;

    private Watch(Pace pace, Runnable cancel) {
      this.pace = pace;
      this.cancel = cancel;
      answerBy = time.elapsed().plus(limits.headers());
    }

    /** A body is on its way: from now on the pace counts. */
    void flows() {
      pace.begin();
      flowing = true;
    }

    /** A body was sent: from now on the answer is awaited, so long at most. */
    void waits(Duration most) {
      answerBy = time.elapsed().plus(most);
      flowing = false;
    }

    /** Why this exchange was ended, if it was. */
    Optional<Verdict> verdict() {
      return Optional.ofNullable(verdict.get());
    }

    /** What the pace was, for people. */
    String shortfall() {
      return pace.shortfall();
    }

    /** Ends the watch; the exchange may go on. */
    @Override
    public void close() {
      watches.remove(this);
    }

    private Optional<Verdict> judge() {
      if (owner.isInterrupted()) {
        return Optional.of(Verdict.INTERRUPTED);
      }
      if (deadlinePassed()) {
        return Optional.of(Verdict.DEADLINE);
      }
      if (!flowing) {
        boolean late = time.elapsed().compareTo(answerBy) > 0;
        return late ? Optional.of(Verdict.SLOW_HEADERS) : Optional.empty();
      }
      return pace.tooSlow() ? Optional.of(Verdict.STALLED) : Optional.empty();
    }
  }

  /** Watches an exchange of the calling thread. */
  Watch watch(Pace pace, Runnable cancel) {
    Watch watch = new Watch(pace, cancel);
    watches.add(watch);
    synchronized (lock) {
      if (running == null && !closed) {
        running = new Thread(this::run, "modelbake-watchdog");
        running.setDaemon(true);
        running.start();
      }
      lock.notifyAll();
    }
    return watch;
  }

  /** Whether the time for everything is over. */
  boolean deadlinePassed() {
    return limits
        .deadline()
        .filter(most -> time.elapsed().minus(begin).compareTo(most) > 0)
        .isPresent();
  }

  /** A pause, but no longer than to the moment after the deadline. */
  Duration untilDeadline(Duration pause) {
    Optional<Duration> left =
        limits.deadline().map(most -> most.minus(time.elapsed().minus(begin)).plusMillis(1));
    return left.filter(rest -> rest.compareTo(pause) < 0)
        .map(rest -> rest.isNegative() ? Duration.ZERO : rest)
        .orElse(pause);
  }

  private void run() {
    try {
      while (rest()) {
        for (Watch watch : watches) {
          watch
              .judge()
              .filter(found -> watch.verdict.compareAndSet(null, found))
              .ifPresent(found -> watch.cancel.run());
        }
      }
    } catch (InterruptedException e) {
      // Nobody but the end of the process interrupts this thread.
      Thread.currentThread().interrupt();
    }
  }

  private boolean rest() throws InterruptedException {
    long since = System.nanoTime();
    synchronized (lock) {
      while (!closed) {
        long left = TICK_MILLIS - (System.nanoTime() - since) / 1_000_000;
        if (left > 0) {
          lock.wait(left);
        } else if (watches.isEmpty()) {
          lock.wait();
        } else {
          return true;
        }
      }
      return false;
    }
  }

  /** Ends the thread. */
  @Override
  public void close() {
    Thread ended;
    synchronized (lock) {
      closed = true;
      ended = running;
      lock.notifyAll();
    }
    boolean interrupted = Thread.interrupted();
    try {
      if (ended != null) {
        ended.join();
      }
    } catch (InterruptedException e) {
      interrupted = true;
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
