package dev.modelbake.fetch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.modelbake.fetch.Turns.Turn;
import dev.modelbake.model.BakeEvent;
import dev.modelbake.model.Descriptor;
import dev.modelbake.store.BlobStore;
import dev.modelbake.testing.FaultCase;
import dev.modelbake.testing.ManualTime;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TurnsTest {
  private static final Descriptor CONTENT = Descriptor.ofText("weights");

  @TempDir Path directory;

  private final ManualTime time = new ManualTime();
  private final List<BakeEvent> events = new ArrayList<>();

  private Turn take(BlobStore store) {
    return new Turns(events::add, time).take(store, CONTENT.digest(), "m/file");
  }

  @Test
  void whoComesFirstDoesNotWait() throws IOException {
    try (BlobStore store = BlobStore.layout(directory);
        Turn turn = take(store)) {
      assertFalse(turn.waited());
      assertTrue(turn.lock().isPresent());
      assertEquals(List.of(), time.pauses());
    }
  }

  @Test
  @FaultCase(115)
  void whoWaitsInVainGoesOnAfterAMinuteAndSaysWhy() throws IOException {
    try (BlobStore store = BlobStore.layout(directory);
        BlobStore other = BlobStore.layout(directory);
        Turn first = take(store);
        Turn second = take(other)) {
      assertTrue(first.lock().isPresent());
      assertTrue(second.waited());
      assertTrue(second.lock().isEmpty());
      Duration waited = time.pauses().stream().reduce(Duration.ZERO, Duration::plus);
      assertEquals(60, waited.toSeconds());
      assertEquals(1, events.size());
      assertTrue(events.get(0).toString().contains("another run is bringing it"));
    }
  }

  @Test
  @FaultCase(114)
  void stagingHasNoTurns() {
    try (Turn turn = take(BlobStore.staging(directory))) {
      assertTrue(turn.lock().isEmpty());
      assertFalse(turn.waited());
    }
  }
}
