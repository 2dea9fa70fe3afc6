package dev.modelbake.http;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Decides whether the same source is asked again; a pure function.
 *
 * <p>The pauses of a patient source add up to more than 10 seconds, for that long the Java runtime
 * remembers that a name did not resolve.
 */
public final class RetryPolicy {
  private static final Duration BASE = Duration.ofSeconds(1);
  private static final Duration LONGEST = Duration.ofSeconds(30);
  private static final Duration QUICK_CEILING = Duration.ofSeconds(5);
  private static final Duration PATIENT_CEILING = Duration.ofSeconds(60);

  private RetryPolicy() {}

  /**
   * One attempt that failed.
   *
   * @param number counted from 1 since the last progress
   * @param jitter 0 to 1, from a source of randomness
   */
  public record Attempt(int number, Patience patience, double jitter) {}

  /** Again after a pause, or the next source. */
  public sealed interface Decision {
    /** Ask again after a pause. */
    record Again(Duration pause) implements Decision {}

    /**
     * Go on to the next source.
     *
     * @param why as an addition to the failure's own message; may be empty
     */
    record GoOn(String why) implements Decision {}
  }

  /** What to do after this failure. */
  public static Decision decide(Attempt attempt, HttpFailure failure, Instant now) {
    if (attempt.number() >= failure.trouble().attempts(attempt.patience())) {
      return new Decision.GoOn(
          attempt.number() > 1 ? "after %d attempts".formatted(attempt.number()) : "");
    }
    Optional<Duration> asked = failure.retryAfter(now);
    Duration ceiling = attempt.patience() == Patience.QUICK ? QUICK_CEILING : PATIENT_CEILING;
    if (asked.isPresent() && asked.get().compareTo(ceiling) > 0) {
      return new Decision.GoOn("it asks to wait longer than " + ceiling.toSeconds() + " s");
    }
    Duration own = backoff(attempt);
    return new Decision.Again(asked.filter(pause -> pause.compareTo(own) > 0).orElse(own));
  }

  /** Doubles with each attempt, three quarters to five quarters of it at random. */
  private static Duration backoff(Attempt attempt) {
    long doubled = BASE.toMillis() << Math.min(attempt.number() - 1, 10);
    long bounded = Math.min(doubled, LONGEST.toMillis());
    return Duration.ofMillis((long) (bounded * (0.75 + attempt.jitter() / 2)));
  }
}
