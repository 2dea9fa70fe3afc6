package dev.modelbake.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.modelbake.http.RetryPolicy.Attempt;
import dev.modelbake.http.RetryPolicy.Decision;
import dev.modelbake.http.RetryPolicy.Decision.Again;
import dev.modelbake.http.RetryPolicy.Decision.GoOn;
import dev.modelbake.testing.FaultCase;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class RetryPolicyTest {
  private static final Instant NOW = Instant.parse("2026-11-20T12:00:00Z");

  private static Decision decide(Trouble trouble, int attempt, Patience patience) {
    HttpFailure failure = new HttpFailure(trouble, "x", Optional.empty());
    return RetryPolicy.decide(new Attempt(attempt, patience, 0.5), failure, NOW);
  }

  private static Decision busy(String retryAfter, Patience patience) {
    HttpFailure failure = new HttpFailure(Trouble.BUSY, "x", Optional.of(retryAfter));
    return RetryPolicy.decide(new Attempt(1, patience, 0.5), failure, NOW);
  }

  @ParameterizedTest
  @CsvSource({
    "7, 7",
    "0, 1",
    "007, 7",
    "60, 60",
    "'Fri, 20 Nov 2026 12:00:30 GMT', 30",
    "'Fri, 20 Nov 2026 11:00:00 GMT', 1",
    "-5, 1",
    "'0,120', 1",
    "299.997, 1",
    "soon, 1",
    "'', 1"
  })
  @FaultCase(23)
  void retryAfterIsReadInBothFormsAndNonsenseIsLeftOut(String value, long seconds) {
    assertEquals(new Again(Duration.ofSeconds(seconds)), busy(value, Patience.PATIENT));
  }

  @ParameterizedTest
  @CsvSource({"61", "99999999999999999999", "'Sat, 21 Nov 2026 12:00:00 GMT'"})
  void whoAsksForTooMuchIsLeftForTheNextSource(String value) {
    assertInstanceOf(GoOn.class, busy(value, Patience.PATIENT));
  }

  @Test
  void theCeilingIsLowWhileOthersAreUntried() {
    assertInstanceOf(GoOn.class, busy("6", Patience.QUICK));
    assertEquals(new Again(Duration.ofSeconds(5)), busy("5", Patience.QUICK));
  }

  @Test
  void pausesDoubleAndHaveJitter() {
    HttpFailure failure = new HttpFailure(Trouble.CUT, "x", Optional.empty());
    for (double jitter : new double[] {0, 0.5, 1}) {
      Duration last = Duration.ZERO;
      for (int attempt = 1; attempt < 5; attempt++) {
        Decision decision =
            RetryPolicy.decide(new Attempt(attempt, Patience.PATIENT, jitter), failure, NOW);
        Duration pause = assertInstanceOf(Again.class, decision).pause();
        double ideal = 1000 << (attempt - 1);
        assertEquals((long) (ideal * (0.75 + jitter / 2)), pause.toMillis());
        assertTrue(pause.compareTo(last) > 0);
        last = pause;
      }
    }
  }

  @Test
  @FaultCase(2)
  void aNameIsAskedForLongerThanJavaRemembersThatItFailed() {
    HttpFailure failure = new HttpFailure(Trouble.NAME_UNRESOLVED, "x", Optional.empty());
    Duration sum = Duration.ZERO;
    for (int attempt = 1; ; attempt++) {
      Decision decision =
          RetryPolicy.decide(new Attempt(attempt, Patience.PATIENT, 0), failure, NOW);
      if (!(decision instanceof Again again)) {
        break;
      }
      sum = sum.plus(again.pause());
    }
    assertTrue(sum.compareTo(Duration.ofSeconds(10)) > 0, sum.toString());
  }

  @ParameterizedTest
  @EnumSource(
      value = Trouble.class,
      names = {"NAME_UNKNOWN", "TLS", "ABSENT", "LOGIN", "PROXY_LOGIN", "REDIRECT", "REFUSED"})
  void whatWillNotChangeIsNotTriedAgain(Trouble trouble) {
    assertEquals(new GoOn(""), decide(trouble, 1, Patience.PATIENT));
  }

  @ParameterizedTest
  @EnumSource(Trouble.class)
  void everyTroubleEnds(Trouble trouble) {
    assertInstanceOf(GoOn.class, decide(trouble, 8, Patience.PATIENT));
    assertInstanceOf(GoOn.class, decide(trouble, 3, Patience.QUICK));
  }

  @Test
  @FaultCase(53)
  void aDeadHostIsLeftAtOnceWhileOthersAreUntried() {
    assertInstanceOf(GoOn.class, decide(Trouble.NO_CONNECTION, 1, Patience.QUICK));
    assertInstanceOf(Again.class, decide(Trouble.NO_CONNECTION, 1, Patience.PATIENT));
  }
}
