package dev.modelbake.fetch;

import dev.modelbake.http.Time;
import dev.modelbake.model.BakeEvent;
import dev.modelbake.model.BakeListener;
import java.time.Duration;

/**
 * Tells a listener how far one file is, some times in a second, and counts all that arrived. Safe
 * for use by several threads.
 */
final class Progress {
  private static final Duration PAUSE = Duration.ofMillis(200);

  private final String file;
  private final BakeListener listener;
  private final Time time;
  private Duration last;
  private long told = -1;
  private long received;

  Progress(String file, BakeListener listener, Time time) {
    this.file = file;
    this.listener = listener;
    this.time = time;
    last = time.elapsed();
  }

  /** Counts bytes that arrived. */
  synchronized void arrived(long bytes) {
    received += bytes;
  }

  /** How far the file is now. */
  synchronized void at(long bytes) {
    Duration now = time.elapsed();
    if (now.minus(last).compareTo(PAUSE) >= 0) {
      last = now;
      tell(bytes);
    }
  }

  /** How far the file is at the end of an attempt. */
  synchronized void endsAt(long bytes) {
    tell(bytes);
  }

  /** Everything that arrived. */
  synchronized long received() {
    return received;
  }

  private void tell(long bytes) {
    if (bytes != told) {
      told = bytes;
      listener.on(new BakeEvent.Received(file, bytes, received));
    }
  }
}
