package dev.modelbake.fetch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.modelbake.testing.FaultCase;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PacingTest {
  private static final Duration NOW = Duration.ofSeconds(100);
  private final Pacing pacing = new Pacing();

  @Test
  void nobodyWaitsForAHostThatNeverComplained() {
    assertEquals(Duration.ZERO, pacing.turn(NOW));
    assertEquals(Duration.ZERO, pacing.turn(NOW));
    assertFalse(pacing.isSlow());
  }

  @Test
  void requestsWaitForOneAnotherAfterAComplaint() {
    pacing.slowDown(NOW, Optional.empty());
    assertTrue(pacing.isSlow());
    assertEquals(Duration.ofMillis(250), pacing.turn(NOW));
    assertEquals(Duration.ofMillis(500), pacing.turn(NOW));
    assertEquals(Duration.ofMillis(750), pacing.turn(NOW));
  }

  @Test
  @FaultCase(23)
  void everyComplaintDoublesTheIntervalUpToABound() {
    for (int i = 0; i < 20; i++) {
      pacing.slowDown(NOW, Optional.empty());
    }
    Duration first = pacing.turn(NOW);
    assertEquals(Duration.ofSeconds(8), pacing.turn(NOW).minus(first));
  }

  @Test
  void aPauseThatTheHostAsksForIsKeptByEveryRequest() {
    pacing.slowDown(NOW, Optional.of(Duration.ofSeconds(30)));
    assertEquals(Duration.ofSeconds(30), pacing.turn(NOW));
    assertEquals(Duration.ofMillis(30_250), pacing.turn(NOW));
  }

  @Test
  void answersBringTheOldSpeedBack() {
    pacing.slowDown(NOW, Optional.empty());
    for (int i = 0; i < 6; i++) {
      pacing.speedUp();
    }
    assertFalse(pacing.isSlow());
    assertEquals(Duration.ZERO, pacing.turn(NOW.plusSeconds(1)));
  }
}
