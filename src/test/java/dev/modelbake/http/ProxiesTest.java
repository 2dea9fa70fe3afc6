package dev.modelbake.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.modelbake.model.EnvironmentException;
import dev.modelbake.model.FailureKind;
import dev.modelbake.testing.FaultCase;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@FaultCase(136)
class ProxiesTest {
  private static String proxy(Map<String, String> environment, String scheme) {
    return Proxies.of(environment)
        .proxyFor(scheme, "a.example", 443)
        .map(Proxies.ProxyServer::toString)
        .orElse("direct");
  }

  @ParameterizedTest
  @CsvSource({
    "HTTPS_PROXY, https, p:3128 (HTTPS_PROXY)",
    "https_proxy, https, p:3128 (https_proxy)",
    "HTTP_PROXY, https, direct",
    "HTTP_PROXY, http, p:3128 (HTTP_PROXY)",
    "ALL_PROXY, https, p:3128 (ALL_PROXY)",
    "all_proxy, http, p:3128 (all_proxy)"
  })
  void eachVariableCountsForItsScheme(String variable, String scheme, String expected) {
    assertEquals(expected, proxy(Map.of(variable, "http://p:3128"), scheme));
  }

  @Test
  void theLowerCaseSpellingWinsEvenWhenEmpty() {
    assertEquals("direct", proxy(Map.of("HTTPS_PROXY", "http://p:1", "https_proxy", ""), "https"));
    assertEquals(
        "q:2 (https_proxy)",
        proxy(Map.of("HTTPS_PROXY", "http://p:1", "https_proxy", "q:2"), "https"));
  }

  @Test
  void aProxyMayBeWrittenWithoutSchemeAndPort() {
    assertEquals("p:80 (HTTPS_PROXY)", proxy(Map.of("HTTPS_PROXY", "p"), "https"));
    assertEquals("socks5://p:1080 (ALL_PROXY)", proxy(Map.of("ALL_PROXY", "socks5h://p"), "https"));
  }

  @Test
  void thePasswordIsSentButNeverPrinted() {
    Proxies.ProxyServer server =
        Proxies.of(Map.of("HTTPS_PROXY", "http://us%40er:canary%2B+@p:3128"))
            .proxyFor("https", "a.example", 443)
            .orElseThrow();
    assertEquals(
        "us@er:canary++",
        new String(
            java.util.Base64.getDecoder()
                .decode(server.authorization().orElseThrow().substring("Basic ".length())),
            java.nio.charset.StandardCharsets.UTF_8));
    assertFalse(server.toString().contains("canary"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"http://u:canary @p", "https://canary.example", "http://:80", "ftp://p"})
  void whatIsNoProxyIsSaidWithoutQuotingIt(String value) {
    EnvironmentException e =
        assertThrows(EnvironmentException.class, () -> Proxies.of(Map.of("HTTPS_PROXY", value)));
    assertEquals(FailureKind.CONFIGURATION, e.kind());
    assertTrue(e.toString().contains("HTTPS_PROXY"));
    assertFalse(e.toString().contains("canary"), e.toString());
  }
}
