package dev.modelbake.guard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProxyRequestTest {
  private static Optional<ProxyRequest> read(String text) throws IOException {
    return ProxyRequest.read(new ByteArrayInputStream(text.getBytes(StandardCharsets.ISO_8859_1)));
  }

  @Test
  void aTunnelNamesHostAndPort() throws IOException {
    ProxyRequest request = read("CONNECT Models.example:443 HTTP/1.1\r\nHost: x\r\n\r\n").get();
    assertTrue(request.isTunnel());
    assertEquals("models.example:443", request.host() + ":" + request.port());
    ProxyRequest six = read("CONNECT [2001:db8::1]:8443 HTTP/1.1\r\n\r\n").get();
    assertEquals("2001:db8::1", six.host());
  }

  @Test
  void aPlainRequestIsHandedOnInTheFormOfItsOrigin() throws IOException {
    String asked =
        """
        GET http://models.example:8080/a?b=c HTTP/1.1
        Host: models.example:8080
        Proxy-Authorization: Basic x
        Connection: keep-alive
        Accept: */*

        """;
    ProxyRequest request = read(asked.replace("\n", "\r\n")).orElseThrow();
    assertEquals("models.example", request.host());
    assertEquals(
        """
        GET /a?b=c HTTP/1.1
        Host: models.example:8080
        Accept: */*
        Connection: close

        """,
        new String(request.forOrigin(), StandardCharsets.ISO_8859_1).replace("\r", ""));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "GET / HTTP/1.1\r\n\r\n",
        "CONNECT models.example HTTP/1.1\r\n\r\n",
        "GET https://models.example/ HTTP/1.1\r\n\r\n",
        "\u0016\u0003\u0001 hello\r\n\r\n",
        "GET http://models.example/ HTTP/1.1\r\n"
      })
  void anythingElseIsNoRequest(String text) throws IOException {
    assertEquals(Optional.empty(), read(text));
  }
}
