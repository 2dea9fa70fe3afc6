package dev.modelbake.guard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.modelbake.model.UsageException;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AllowedHostsTest {
  @ParameterizedTest
  @CsvSource({
    "models.example, MODELS.example, 443, true",
    "models.example, other.models.example, 443, false",
    "models.example:443, models.example, 443, true",
    "models.example:443, models.example, 80, false",
    "*.example, models.example, 80, true",
    "*.example, example, 80, false",
    "192.0.2.1, 192.0.2.1, 80, true",
    "2001:db8::1, 2001:db8::1, 80, true",
    "[2001:db8::1], 2001:db8::1, 80, true",
  })
  void aRuleCoversWhatItNames(String rule, String host, int port, boolean covered) {
    assertEquals(covered, new AllowedHosts(List.of(rule)).covers(host, port));
  }

  @ParameterizedTest
  @ValueSource(strings = {"localhost", "a.localhost", "127.0.0.1", "127.8.9.1", "::1"})
  void loopbackIsAlwaysAllowed(String host) {
    assertTrue(new AllowedHosts(List.of()).covers(host, 80));
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.evil.example", "localhost.example", "192.0.2.1", "2001:db8::1"})
  void whatOnlyLooksLikeLoopbackIsNot(String host) {
    assertFalse(new AllowedHosts(List.of()).covers(host, 80));
  }

  @ParameterizedTest
  @ValueSource(strings = {"https://host", "a b", "*", "host:", "a,b"})
  void whatIsNoHostIsRefused(String text) {
    assertThrows(UsageException.class, () -> new AllowedHosts(List.of(text)));
  }
}
