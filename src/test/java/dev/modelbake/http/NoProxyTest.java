package dev.modelbake.http;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.modelbake.testing.FaultCase;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@FaultCase(136)
class NoProxyTest {
  @ParameterizedTest
  @CsvSource({
    "'', a.example, 443, false",
    "*, a.example, 443, true",
    "a.example, a.example, 443, true",
    "A.Example, a.EXAMPLE, 443, true",
    "a.example, sub.a.example, 443, true",
    ".a.example, sub.a.example, 443, true",
    ".a.example, a.example, 443, true",
    "*.a.example, sub.a.example, 443, true",
    "a.example, nota.example, 443, false",
    "a.example:8443, a.example, 8443, true",
    "a.example:8443, a.example, 443, false",
    "'b.example, a.example', a.example, 443, true",
    "'b.example a.example', a.example, 443, true",
    "10.0.0.0/8, 10.20.30.40, 80, true",
    "10.0.0.0/8, 11.20.30.40, 80, false",
    "10.0.0.0/8, a.example, 80, false",
    "10.0.0.0/99, 10.0.0.1, 80, false",
    "10.0.0.0/x, 10.0.0.1, 80, false",
    "192.168.1.7, 192.168.1.7, 80, true",
    "fd00::/8, fd12::1, 80, true",
    "fd00::/8, 10.0.0.1, 80, false",
    "[fd12::1]:8080, fd12::1, 8080, true",
    "[fd12::1]:8080, fd12::1, 80, false",
    "fd12:0:0::1, fd12::1, 80, true",
    "'', localhost, 80, true",
    "'', 127.0.0.1, 80, true",
    "'', ::1, 80, true"
  })
  void hostsAreExcepted(String value, String host, int port, boolean expected) {
    assertEquals(expected, NoProxy.parse(value).covers(host, port));
  }
}
