package dev.modelbake.http;

import java.time.Duration;

/**
 * The speed of one file as a whole, over all its connections, held against a floor. Safe for use by
 * several threads.
 *
 * <p>Windows follow one another without overlap, so that a stall is seen after one window at the
 * earliest and two at the latest.
 */
public final class Pace {
  private final Speed floor;
  private final Time time;
  private Duration since;
  private long bytes;

  /** A pace whose first window begins now. */
  public Pace(Speed floor, Time time) {
    this.floor = floor;
    this.time = time;
    since = time.elapsed();
  }

  /** Begins a new window: a body is about to arrive. */
  public synchronized void begin() {
    since = time.elapsed();
    bytes = 0;
  }

  /** Counts bytes that arrived. */
  public synchronized void add(long arrived) {
    bytes += arrived;
  }

  /** Whether the last full window stayed below the floor. */
  public synchronized boolean tooSlow() {
    if (time.elapsed().minus(since).compareTo(floor.window()) < 0) {
      return false;
    }
    boolean slow = bytes < floor.bytesPerWindow();
    if (!slow) {
      begin();
    }
    return slow;
  }

  /** What the window that is too slow brought, for people. */
  synchronized String shortfall() {
    return "%d bytes in %d s, where %d bytes/s are the least"
        .formatted(bytes, time.elapsed().minus(since).toSeconds(), floor.bytesPerSecond());
  }
}
