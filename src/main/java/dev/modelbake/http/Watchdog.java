package dev.modelbake.http;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;

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
  private boolean running;
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
      if (!running && !closed) {
        running = true;
        Thread thread = new Thread(this::run, "modelbake-watchdog");
        thread.setDaemon(true);
        thread.start();
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
    Thread.sleep(TICK_MILLIS);
    synchronized (lock) {
      while (watches.isEmpty() && !closed) {
        lock.wait();
      }
      return !closed;
    }
  }

  /** Ends the thread. */
  @Override
  public void close() {
    synchronized (lock) {
      closed = true;
      lock.notifyAll();
    }
  }
}
