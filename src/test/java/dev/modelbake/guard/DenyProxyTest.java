package dev.modelbake.guard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.modelbake.http.Proxies;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.IntFunction;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DenyProxyTest {
  private final MockWebServer origin = new MockWebServer();
  private DenyProxy proxy;
  private IntFunction<Optional<String>> owner = port -> Optional.empty();

  @BeforeEach
  void start() throws IOException {
    origin.enqueue(new MockResponse.Builder().body("the body").build());
    origin.start();
    proxy = new DenyProxy(new AllowedHosts(List.of()), new Tunnel(Proxies.of(Map.of())));
    proxy.owners(port -> owner.apply(port));
  }

  @AfterEach
  void end() {
    proxy.close();
    origin.close();
  }

  private String ask(int port, String request) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
      socket.shutdownOutput();
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "CONNECT models.example:443 HTTP/1.1\r\n\r\n",
        "GET http://models.example:443/x HTTP/1.1\r\nHost: models.example\r\n\r\n"
      })
  void whatIsNotAllowedIsRefusedAndNamed(String request) throws IOException {
    String answer = ask(proxy.port(), request);
    assertTrue(answer.startsWith("HTTP/1.1 403 "), answer);
    assertTrue(answer.endsWith("modelbake guard refused models.example:443\n"), answer);
    ask(proxy.port(), request);
    Attempt attempt = proxy.attempts().get(0);
    assertEquals("models.example:443", attempt.target());
    assertEquals(2, attempt.count());
    assertEquals(Attempt.Verdict.REFUSED, attempt.verdict());
  }

  @Test
  void loopbackIsCarriedToItsOrigin() throws IOException {
    String answer =
        ask(
            proxy.port(),
            "GET http://127.0.0.1:%d/x HTTP/1.1\r\nHost: h\r\n\r\n".formatted(origin.getPort()));
    assertTrue(answer.startsWith("HTTP/1.1 200 ") && answer.endsWith("the body"), answer);
    assertEquals(List.of(), proxy.attempts());
    assertEquals(
        List.of("http://127.0.0.1:%d/x".formatted(origin.getPort())),
        proxy.urls(),
        "what it was asked for without a tunnel");
  }

  @Test
  void theOwnerOfALaterConnectionIsLookedForToo() throws IOException {
    List<Integer> ports = new CopyOnWriteArrayList<>();
    owner =
        port -> {
          ports.add(port);
          return ports.size() == 1 ? Optional.empty() : Optional.of("curl (" + ports.size() + ")");
        };
    for (int i = 0; i < 3; i++) {
      ask(proxy.port(), "CONNECT models.example:443 HTTP/1.1\r\n\r\n");
    }
    assertEquals(3, ports.size());
    assertEquals(Optional.of("curl (2)"), proxy.attempts().get(0).program());
  }

  @Test
  void aTunnelCarriesBothWays() throws IOException {
    String answer =
        ask(
            proxy.port(),
            """
            CONNECT 127.0.0.1:%d HTTP/1.1

            GET /x HTTP/1.1
            Host: h
            Connection: close

            """
                .formatted(origin.getPort())
                .replace("\n", "\r\n"));
    assertTrue(answer.startsWith("HTTP/1.1 200 OK\r\n\r\nHTTP/1.1 200 "), answer);
    assertTrue(answer.endsWith("the body"), answer);
  }

  @Test
  void aProxyThatWasSetBeforeIsTheWayOut() throws IOException {
    try (DenyProxy watching =
        new DenyProxy(
            AllowedHosts.ALL,
            new Tunnel(Proxies.of(Map.of("HTTPS_PROXY", "http://127.0.0.1:" + proxy.port()))))) {
      watching.owners(port -> Optional.empty());
      String answer = ask(watching.port(), "CONNECT models.example:443 HTTP/1.1\r\n\r\n");
      assertTrue(answer.startsWith("HTTP/1.1 403 "), answer);
      assertEquals(Attempt.Verdict.ALLOWED, watching.attempts().get(0).verdict());
      assertEquals(Attempt.Verdict.REFUSED, proxy.attempts().get(0).verdict());
    }
  }

  @Test
  void whatIsNoRequestIsToldSo() throws IOException {
    assertTrue(ask(proxy.port(), "HELLO\r\n\r\n").startsWith("HTTP/1.1 400 "));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "CONNECT 127.0.0.1:0 HTTP/1.1\r\n\r\n",
        "CONNECT 127.0.0.1:99999 HTTP/1.1\r\n\r\n",
        "GET http://127.0.0.1:99999/ HTTP/1.1\r\n\r\n"
      })
  void aPortThatIsNoneIsNoRequest(String request) throws IOException {
    assertTrue(ask(proxy.port(), request).startsWith("HTTP/1.1 400 "));
  }

  /** The command runs a moment before anybody can tell its processes. */
  @Test
  void whoAsksBeforeTheProcessesAreKnownIsNamedAllTheSame() throws Exception {
    try (DenyProxy early =
        new DenyProxy(new AllowedHosts(List.of()), new Tunnel(Proxies.of(Map.of())))) {
      CompletableFuture<String> answer =
          CompletableFuture.supplyAsync(
              () -> {
                try {
                  return ask(early.port(), "CONNECT models.example:443 HTTP/1.1\r\n\r\n");
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              });
      while (early.attempts().isEmpty()) {
        Thread.onSpinWait();
      }
      early.owners(port -> Optional.of("curl (17)"));
      assertTrue(answer.get().startsWith("HTTP/1.1 403 "));
      assertEquals(Optional.of("curl (17)"), early.attempts().get(0).program());
    }
  }
}
