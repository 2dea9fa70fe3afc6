package dev.modelbake.guard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.modelbake.guard.Routes.State;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class KernelTest {
  private static Optional<Routes> closed(long refused, State loopback) {
    return Optional.of(new Routes(List.of(), OptionalLong.of(refused), State.UP, loopback));
  }

  @Test
  void packetsWithoutAWayOutAreAnAttempt() {
    Kernel kernel = new Kernel(closed(3, State.UP), closed(5, State.UP), false);
    assertEquals(2, kernel.attempt().orElseThrow().count());
    assertEquals(Layer.State.ACTIVE, kernel.layer().state());
  }

  @Test
  void whileLoopbackIsDownNothingIsCountedAndNothingProven() {
    Kernel kernel = new Kernel(closed(3, State.DOWN), closed(5, State.DOWN), false);
    assertEquals(Optional.empty(), kernel.attempt());
    assertEquals(Layer.State.ABSENT, kernel.layer().state());
    Kernel half = new Kernel(closed(3, State.UP), closed(5, State.DOWN), false);
    assertEquals(Optional.empty(), half.attempt());
    assertTrue(half.layer().says().contains("loopback is down"), half.layer().says());
  }

  @Test
  void packetsThatMayBeThoseOfAnAllowedHostAreNotCalledRefused() {
    Kernel kernel = new Kernel(closed(3, State.UP), closed(5, State.UP), true);
    assertEquals(Optional.empty(), kernel.attempt());
    assertEquals(Layer.State.ABSENT, kernel.layer().state());
    assertTrue(kernel.layer().says().contains("nothing left this machine"), kernel.layer().says());
    assertTrue(kernel.unseen().orElseThrow().contains("2 packets"), kernel.unseen()::toString);
    Kernel silent = new Kernel(closed(3, State.UP), closed(3, State.UP), true);
    assertEquals(Layer.State.ACTIVE, silent.layer().state(), "nobody tried, allowed or not");
    assertEquals(Optional.empty(), silent.unseen());
  }

  @Test
  void routesThatCannotBeReadProveNothing() {
    Layer layer = new Kernel(Optional.empty(), Optional.empty(), false).layer();
    assertEquals(Layer.State.ABSENT, layer.state());
    assertEquals("the routes cannot be read (for proof: mount /proc)", layer.says());
  }
}
