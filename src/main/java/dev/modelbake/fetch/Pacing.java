package dev.modelbake.fetch;

import java.time.Duration;
import java.util.Optional;

/**
 * How fast one host may be asked. A host that says "too many requests" (RFC 6585, section 4) is
 * asked in ever longer intervals, and again in shorter ones as it answers. Not for several threads.
 */
final class Pacing {
  private static final Duration FIRST = Duration.ofMillis(250);
  private static final Duration LONGEST = Duration.ofSeconds(8);
  private static final Duration NOTHING_LEFT = Duration.ofMillis(50);

  private Duration interval = Duration.ZERO;
  private Duration next = Duration.ZERO;

  /** How long the next request has to wait, which takes its turn with this. */
  Duration turn(Duration now) {
    Duration at = max(now, next);
    next = at.plus(interval);
    return at.minus(now);
  }

  /** Whether requests have to wait for one another. */
  boolean isSlow() {
    return !interval.isZero();
  }

  /** The host wants fewer requests, and none before a pause is over. */
  void slowDown(Duration now, Optional<Duration> pause) {
    interval = interval.isZero() ? FIRST : min(interval.multipliedBy(2), LONGEST);
    next =
        max(next, now.plus(pause.filter(asked -> asked.compareTo(interval) > 0).orElse(interval)));
  }

  /** The host answered. */
  void speedUp() {
    interval = interval.multipliedBy(3).dividedBy(4);
    if (interval.compareTo(NOTHING_LEFT) < 0) {
      interval = Duration.ZERO;
    }
  }

  private static Duration max(Duration a, Duration b) {
    return a.compareTo(b) > 0 ? a : b;
  }

  private static Duration min(Duration a, Duration b) {
    return a.compareTo(b) < 0 ? a : b;
  }
}
