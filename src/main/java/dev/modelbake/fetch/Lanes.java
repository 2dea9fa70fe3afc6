package dev.modelbake.fetch;

import dev.modelbake.http.Time;
import java.time.Duration;

/**
 * When a file is worth several connections to one source, and how it is divided among them.
 *
 * @param most connections for one file, 1 or more
 */
record Lanes(Hosts hosts, String origin, int most, Spreading spreading, Time time) {
  private static final long SMALLEST = 8L << 20;
  private static final long LARGEST = 256L << 20;

  /** Requests for each connection of a file: few enough to cost nothing, enough to end together. */
  private static final int TURNS = 8;

  private static final Duration TRIAL = Duration.ofSeconds(1);
  private static final Duration SOON = Duration.ofSeconds(4);

  /** Whether so many bytes can be divided at all. */
  boolean canDivide(long rest) {
    return most > 1 && rest >= 2 * SMALLEST;
  }

  /** Whether the first request is for a part alone. */
  boolean beginDivided(long rest) {
    return spreading == Spreading.AT_ONCE && canDivide(rest);
  }

  /** Whether one connection that brought bytes in some time needs help with the rest. */
  boolean needsHelp(long brought, Duration in, long rest) {
    return spreading == Spreading.WHEN_SLOW
        && canDivide(rest)
        && in.compareTo(TRIAL) >= 0
        && (double) rest / Math.max(1, brought) * in.toMillis() >= SOON.toMillis();
  }

  /** Bytes of one request, when so many are to be divided. */
  long share(long rest) {
    return Math.max(SMALLEST, Math.min(LARGEST, rest / most / TURNS));
  }
}
