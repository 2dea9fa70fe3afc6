package dev.modelbake.publish;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.modelbake.model.EnvironmentException;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TimesTest {
  @Test
  void withoutSourceDateEpochItIsTheYear2000() {
    assertEquals(Times.DEFAULT, Times.sourceDateEpoch(Optional.empty()));
    assertEquals(Times.DEFAULT, Times.sourceDateEpoch(Optional.of("")));
  }

  @Test
  void sourceDateEpochIsSecondsSince1970() {
    assertEquals(
        Instant.parse("2023-11-14T22:13:20Z"),
        Times.sourceDateEpoch(Optional.of("1700000000")).instant());
  }

  @ParameterizedTest
  @ValueSource(strings = {"yesterday", "-1", "1.5", "99999999999999999999"})
  void anythingElseIsAProblem(String value) {
    assertThrows(EnvironmentException.class, () -> Times.sourceDateEpoch(Optional.of(value)));
  }
}
