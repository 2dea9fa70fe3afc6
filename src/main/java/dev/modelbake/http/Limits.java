package dev.modelbake.http;

import java.time.Duration;
import java.util.Optional;

/**
 * Bounds on time.
 *
 * @param connect for one address
 * @param headers from the request to the end of the answer's headers
 * @param floor the least speed of a file
 * @param deadline for everything, from the client's beginning
 */
public record Limits(Duration connect, Duration headers, Speed floor, Optional<Duration> deadline) {
  /** 10 s to connect, 30 s to answer, 1 KiB/s over 30 s, no deadline. */
  public static final Limits DEFAULT =
      new Limits(
          Duration.ofSeconds(10),
          Duration.ofSeconds(30),
          new Speed(1024, Duration.ofSeconds(30)),
          Optional.empty());
}
