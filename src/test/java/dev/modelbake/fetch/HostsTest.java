package dev.modelbake.fetch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.modelbake.http.HttpFailure;
import dev.modelbake.http.Trouble;
import dev.modelbake.testing.ManualTime;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class HostsTest {
  private static final String A = "http://a.example";
  private static final String B = "http://b.example";
  private final ManualTime time = new ManualTime();
  private final HttpFailure dead =
      new HttpFailure(Trouble.NO_CONNECTION, "connection refused", null);
  private final HttpFailure busy = new HttpFailure(Trouble.TOO_MANY, "HTTP 429", null);
  private final Hosts hosts = new Hosts(2, time);

  private void fail(String origin, int times) {
    for (int i = 0; i < times; i++) {
      hosts.failed(origin, dead, Optional.empty());
    }
  }

  @Test
  void noMoreConnectionsThanAllowed() throws InterruptedException {
    hosts.enter(A);
    assertTrue(hosts.tryEnter(A));
    assertFalse(hosts.tryEnter(A));
    assertTrue(hosts.tryEnter(B));
    hosts.leave(A);
    assertTrue(hosts.tryEnter(A));
  }

  @Test
  void aHostThatFailsTenTimesInARowIsNotAskedForAWhile() {
    fail(A, 9);
    assertEquals(Optional.empty(), hosts.isDown(A));
    assertFalse(hosts.failed(A, dead, Optional.empty()));
    String why = hosts.isDown(A).orElseThrow();
    assertTrue(why.contains("10 times in a row") && why.contains("connection refused"), why);
    assertEquals(Optional.empty(), hosts.isDown(B));
  }

  @Test
  void onceInAWhileItIsAskedAllTheSame() {
    fail(A, 10);
    time.pass(Duration.ofSeconds(31));
    assertEquals(Optional.empty(), hosts.isDown(A));
    assertTrue(hosts.isDown(A).isPresent(), "one asks, the others wait for its answer");
    hosts.succeeded(A);
    assertEquals(Optional.empty(), hosts.isDown(A));
  }

  @Test
  void aFileThatIsNotThereSaysNothingAboutTheHost() {
    HttpFailure absent = new HttpFailure(Trouble.ABSENT, "HTTP 404", null);
    for (int i = 0; i < 50; i++) {
      assertTrue(hosts.failed(A, absent, Optional.empty()));
    }
    assertEquals(Optional.empty(), hosts.isDown(A));
  }

  @Test
  void aHostThatWantsFewerRequestsIsAliveAndGetsThem() throws InterruptedException {
    for (int i = 0; i < 12; i++) {
      assertTrue(hosts.failed(A, busy, Optional.of(Duration.ofSeconds(5))));
    }
    assertEquals(Optional.empty(), hosts.isDown(A));
    assertFalse(hosts.tryEnter(A), "no further connection to a host that complains");
    hosts.enter(A);
    assertEquals(List.of(Duration.ofSeconds(8)), time.pauses());
  }
}
