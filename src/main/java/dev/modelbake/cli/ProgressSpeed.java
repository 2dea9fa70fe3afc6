package dev.modelbake.cli;

import java.util.ArrayDeque;
import java.util.Deque;

/** A speed over the last ten seconds; for one thread. */
final class ProgressSpeed {
  private static final long WINDOW = 10_000_000_000L;

  private record Sample(long nanos, long bytes) {}

  private final Deque<Sample> samples = new ArrayDeque<>();

  /**
   * Adds a count.
   *
   * @param bytes a count that never falls
   */
  void sample(long nanos, long bytes) {
    Sample last = samples.peekLast();
    // A tenth of a second is enough, and keeps the list short at any rate of calls.
    if (last != null && nanos - last.nanos() < 100_000_000L) {
      return;
    }
    samples.addLast(new Sample(nanos, bytes));
    while (samples.size() > 2 && nanos - samples.peekFirst().nanos() > WINDOW) {
      samples.removeFirst();
    }
  }

  /** Bytes a second; 0 until there are two samples. */
  double perSecond() {
    Sample first = samples.peekFirst();
    Sample last = samples.peekLast();
    if (first == null || last == null || first.nanos() == last.nanos()) {
      return 0;
    }
    return (last.bytes() - first.bytes()) * 1e9 / (last.nanos() - first.nanos());
  }
}
