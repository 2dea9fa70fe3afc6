package dev.modelbake.http;

import java.time.Duration;

/**
 * A lower bound on speed.
 *
 * @param bytesPerSecond 0 or more; 0 still asks for one byte in each window
 * @param window how long a transfer may stay below, more than 0
 */
public record Speed(long bytesPerSecond, Duration window) {
  public Speed {
    if (bytesPerSecond < 0 || window.isNegative() || window.isZero()) {
      throw new IllegalArgumentException("a speed is not negative and has a window");
    }
  }

  /** The least number of bytes in one window, 1 or more. */
  long bytesPerWindow() {
    return Math.max(1, bytesPerSecond * window.toMillis() / 1000);
  }
}
