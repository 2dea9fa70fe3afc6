package dev.modelbake.cli;

import dev.modelbake.model.BakeEvent;
import dev.modelbake.report.EventJson;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/** Progress for machines: one event on each line, whole lines only. */
final class JsonProgress implements ProgressRenderer {
  private static final long RECEIVED_EVERY = 500_000_000L;

  private final Output output;
  private final LongSupplier nanoTime;
  private final long start;
  private final Map<String, Long> received = new HashMap<>();

  JsonProgress(Output output, LongSupplier nanoTime) {
    this.output = output;
    this.nanoTime = nanoTime;
    this.start = nanoTime.getAsLong();
    output.line(EventJson.start(0).compact());
  }

  /** The clock is read under the lock, so that no line is older than the one before it. */
  @Override
  public synchronized void on(BakeEvent event) {
    long now = nanoTime.getAsLong();
    if (event instanceof BakeEvent.Received e) {
      Long last = received.get(e.file());
      if (last != null && now - last < RECEIVED_EVERY) {
        return;
      }
      received.put(e.file(), now);
    }
    output.line(EventJson.of(event, (now - start) / 1_000_000).compact());
  }
}
