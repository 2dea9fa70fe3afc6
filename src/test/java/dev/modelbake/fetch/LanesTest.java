package dev.modelbake.fetch;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.modelbake.testing.ManualTime;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LanesTest {
  private static final long MIB = 1 << 20;

  private static Lanes lanes(int most, Spreading spreading) {
    ManualTime time = new ManualTime();
    return new Lanes(new Hosts(most, time), "http://a.example", most, spreading, time);
  }

  @ParameterizedTest
  @CsvSource({
    "10, 1, 1000, true",
    "10, 1, 30, false",
    "1000, 1, 1000, false",
    "100, 1, 15, false",
    "1, 0, 1000, false"
  })
  void helpComesWhenOneConnectionWillNotBeDoneSoon(
      long broughtMib, int seconds, long restMib, boolean needed) {
    assertEquals(
        needed,
        lanes(4, Spreading.WHEN_SLOW)
            .needsHelp(broughtMib * MIB, Duration.ofSeconds(seconds), restMib * MIB));
  }

  @Test
  void oneConnectionIsNeverDivided() {
    assertEquals(false, lanes(1, Spreading.AT_ONCE).beginDivided(1000 * MIB));
    assertEquals(
        false, lanes(1, Spreading.WHEN_SLOW).needsHelp(1, Duration.ofSeconds(9), 1000 * MIB));
  }

  @ParameterizedTest
  @CsvSource({"15, false", "16, true", "100000, true"})
  void askedForSeveralALargeFileIsDividedAtOnce(long mib, boolean divided) {
    assertEquals(divided, lanes(4, Spreading.AT_ONCE).beginDivided(mib * MIB));
  }

  @ParameterizedTest
  @CsvSource({"40, 8", "1024, 32", "65536, 256"})
  void sharesAreSmallEnoughToEndTogetherAndLargeEnoughToBeFew(long mib, long shareMib) {
    assertEquals(shareMib * MIB, lanes(4, Spreading.AT_ONCE).share(mib * MIB));
  }
}
