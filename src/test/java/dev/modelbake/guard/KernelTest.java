package dev.modelbake.guard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.modelbake.guard.Attempt.Sight;
import dev.modelbake.guard.Attempt.Verdict;
import dev.modelbake.guard.Routes.State;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class KernelTest {
  private static Optional<Routes> closed(long refused, State loopback) {
    return Optional.of(new Routes(List.of(), OptionalLong.of(refused), State.UP, loopback));
  }

  private static Attempt attempt(Verdict verdict) {
    return new Attempt(
        "models.example",
        443,
        verdict,
        new TreeSet<>(List.of(Sight.LOOKUP)),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        1);
  }

  @Test
  void packetsWithoutAWayOutAreAnAttempt() {
    Kernel kernel = new Kernel(closed(3, State.UP), closed(5, State.UP), List.of());
    assertEquals(2, kernel.attempt().orElseThrow().count());
    assertEquals(Layer.State.ACTIVE, kernel.layer().state());
  }

  @Test
  void whileLoopbackIsDownNothingIsCountedAndNothingProven() {
    Kernel kernel = new Kernel(closed(3, State.DOWN), closed(5, State.DOWN), List.of());
    assertEquals(Optional.empty(), kernel.attempt());
    assertEquals(Layer.State.ABSENT, kernel.layer().state());
    Kernel half = new Kernel(closed(3, State.UP), closed(5, State.DOWN), List.of());
    assertEquals(Optional.empty(), half.attempt());
    assertTrue(half.layer().says().contains("loopback is down"), half.layer().says());
  }

  @Test
  void packetsThatMayBeThoseOfAnAllowedHostAreNotCalledRefused() {
    List<Attempt> others = List.of(attempt(Verdict.ALLOWED));
    Kernel kernel = new Kernel(closed(3, State.UP), closed(5, State.UP), others);
    assertEquals(Optional.empty(), kernel.attempt());
    assertEquals(Layer.State.ABSENT, kernel.layer().state());
    List<Attempt> refused = List.of(attempt(Verdict.REFUSED));
    assertTrue(new Kernel(closed(3, State.UP), closed(5, State.UP), refused).attempt().isPresent());
  }

  @Test
  void routesThatCannotBeReadProveNothing() {
    Layer layer = new Kernel(Optional.empty(), Optional.empty(), List.of()).layer();
    assertEquals(Layer.State.ABSENT, layer.state());
    assertEquals("the routes cannot be read", layer.says());
  }
}
