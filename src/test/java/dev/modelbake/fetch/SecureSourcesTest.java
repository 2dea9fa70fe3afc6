package dev.modelbake.fetch;

import static dev.modelbake.fetch.Bench.MODEL;
import static dev.modelbake.fetch.Bench.assertRight;
import static dev.modelbake.fetch.Bench.head;
import static dev.modelbake.fetch.Bench.length;
import static dev.modelbake.fetch.Bench.model;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.modelbake.model.EnvironmentException;
import dev.modelbake.model.FailureKind;
import dev.modelbake.model.FetchException;
import dev.modelbake.model.SourceUrl;
import dev.modelbake.testing.FaultCase;
import dev.modelbake.testing.RawServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import okhttp3.tls.HandshakeCertificates;
import okhttp3.tls.HeldCertificate;
import okio.Buffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Certificates and proxies. */
class SecureSourcesTest {
  @TempDir Path directory;
  private Bench bench;
  private final MockWebServer server = new MockWebServer();
  private final HeldCertificate authority =
      new HeldCertificate.Builder()
          .certificateAuthority(0)
          .commonName("Corporate Root \u001b[31m7")
          .build();

  @BeforeEach
  void makeBench() {
    bench = new Bench(directory);
  }

  @AfterEach
  void end() {
    server.close();
  }

  private static MockResponse whole() {
    return new MockResponse.Builder().body(new Buffer().write(MODEL)).build();
  }

  private Path authorityFile() throws IOException {
    return Files.writeString(
        directory.resolve("ca.pem"), "# Corporate\n" + authority.certificatePem());
  }

  private HeldCertificate.Builder certificate(String host) {
    return new HeldCertificate.Builder().signedBy(authority).addSubjectAlternativeName(host);
  }

  private String serve(HeldCertificate certificate) throws IOException {
    server.useHttps(
        new HandshakeCertificates.Builder()
            .heldCertificate(certificate, authority.certificate())
            .build()
            .sslSocketFactory());
    server.enqueue(whole());
    server.start();
    return "https://localhost:" + server.getPort() + "/a";
  }

  @Test
  void aPrivateAuthorityIsTrustedWhenItIsGiven() throws Exception {
    String url = serve(certificate("localhost").build());
    assertRight(
        bench.fetch(bench.settings().withAuthorities("--cacert", authorityFile()), model(url)));
  }

  @Test
  void theVariablesOfOtherToolsAddAuthorities() throws Exception {
    String url = serve(certificate("localhost").build());
    String file = authorityFile().toString();
    assertRight(bench.fetch(bench.settings("SSL_CERT_FILE", file), model(url)));
    server.enqueue(whole());
    Bench second = new Bench(directory);
    Path only = Files.createDirectory(directory.resolve("certs"));
    Files.copy(directory.resolve("ca.pem"), only.resolve("corporate.crt"));
    assertRight(second.fetch(second.settings("REQUESTS_CA_BUNDLE", only.toString()), model(url)));
  }

  @Test
  @FaultCase(138)
  void anUnknownAuthorityIsNamedWithARemedyAndNotTriedAgain() throws Exception {
    String url = serve(certificate("localhost").build());
    FetchException failure = bench.fails(model(url));
    assertEquals(FailureKind.UNAVAILABLE, failure.kind());
    assertTrue(failure.toString().contains("Corporate Root"), failure.toString());
    assertTrue(failure.toString().contains("--cacert"), failure.toString());
    assertEquals(-1, failure.toString().indexOf('\u001b'));
    assertTrue(bench.time.pauses().isEmpty());
  }

  @Test
  @FaultCase(139)
  void aCertificateForAnotherNameIsRefused() throws Exception {
    String url = serve(certificate("elsewhere.example").build());
    FetchException failure =
        bench.fails(bench.settings().withAuthorities("--cacert", authorityFile()), model(url));
    assertEquals(FailureKind.UNAVAILABLE, failure.kind());
    assertTrue(failure.toString().contains("not for the host name localhost"), "" + failure);
  }

  @Test
  @FaultCase(140)
  void anExpiredCertificateIsToldWithBothClocks() throws Exception {
    Instant end = Instant.now().minus(2, ChronoUnit.DAYS);
    String url =
        serve(
            certificate("localhost")
                .validityInterval(end.minus(9, ChronoUnit.DAYS).toEpochMilli(), end.toEpochMilli())
                .build());
    FetchException failure =
        bench.fails(bench.settings().withAuthorities("--cacert", authorityFile()), model(url));
    assertEquals(FailureKind.UNAVAILABLE, failure.kind());
    assertTrue(failure.toString().contains("the clock here says"), failure.toString());
  }

  @Test
  void whatSpeaksNoTlsIsSaid() {
    try (RawServer plain =
        RawServer.talking(connection -> connection.send("HTTP/1.1 400 Bad\r\n\r\n"))) {
      String url = plain.url("/a").replace("http:", "https:");
      FetchException failure = bench.fails(model(url));
      assertEquals(FailureKind.UNAVAILABLE, failure.kind(), failure.toString());
      assertTrue(failure.toString().contains("TLS"), failure.toString());
    }
  }

  @Test
  @FaultCase(141)
  void aBundleWithoutCertificatesIsSaid() throws Exception {
    String url = serve(certificate("localhost").build());
    Path empty = Files.writeString(directory.resolve("empty.pem"), "nothing\n");
    EnvironmentException e =
        assertThrows(
            EnvironmentException.class,
            () -> bench.fetch(bench.settings("SSL_CERT_FILE", empty.toString()), model(url)));
    assertEquals(FailureKind.CONFIGURATION, e.kind());
    assertTrue(e.toString().contains("SSL_CERT_FILE"), e.toString());
  }

  @Test
  @FaultCase(39)
  void aRedirectFromHttpsToHttpIsNotFollowed() throws Exception {
    try (RawServer plain = RawServer.answering(connection -> connection.send("never"));
        RawServer good =
            RawServer.answering(
                connection -> {
                  connection.send(head(200, length(MODEL.length)));
                  connection.send(MODEL);
                })) {
      server.useHttps(
          new HandshakeCertificates.Builder()
              .heldCertificate(certificate("localhost").build(), authority.certificate())
              .build()
              .sslSocketFactory());
      server.enqueue(
          new MockResponse.Builder().code(302).setHeader("Location", plain.url("/a")).build());
      server.start();
      String secure = "https://localhost:" + server.getPort() + "/a";
      Fetched fetched =
          bench.fetch(
              bench.settings().withAuthorities("--cacert", authorityFile()),
              model(secure, good.url("/a")));
      assertRight(fetched);
      assertEquals(FailureKind.UNAVAILABLE, fetched.failures().get(0).kind());
      assertTrue(fetched.failures().get(0).what().contains("from https to http"));
      assertEquals(0, plain.requests().size());
    }
  }

  private FetchSettings through(String proxy) {
    return bench.settings("HTTPS_PROXY", proxy);
  }

  private String proxy(String user) {
    return "http://" + user + "127.0.0.1:" + server.getPort();
  }

  @Test
  void httpsGoesThroughATunnelAfterTheProxysLogin() throws Exception {
    server.useHttps(
        new HandshakeCertificates.Builder()
            .heldCertificate(certificate("origin.example").build(), authority.certificate())
            .build()
            .sslSocketFactory());
    server.enqueue(new MockResponse.Builder().inTunnel().build());
    server.enqueue(whole());
    server.start();
    FetchSettings settings =
        through(proxy("me:canary@")).withAuthorities("--cacert", authorityFile());
    assertRight(bench.fetch(settings, model("https://origin.example/a")));
    RecordedRequest connect = server.takeRequest();
    assertEquals("CONNECT origin.example:443 HTTP/1.1", connect.getRequestLine());
    assertEquals("Basic bWU6Y2FuYXJ5", connect.getHeaders().get("Proxy-Authorization"));
    RecordedRequest get = server.takeRequest();
    assertNull(get.getHeaders().get("Proxy-Authorization"));
    assertFalse(bench.said(new IllegalStateException()).contains("canary"));
  }

  @Test
  @FaultCase(137)
  void aProxyThatWantsAnotherLoginIsNamedAsTheProxy() throws Exception {
    for (int i = 0; i < 4; i++) {
      server.enqueue(
          new MockResponse.Builder()
              .inTunnel()
              .code(407)
              .setHeader("Proxy-Authenticate", "Basic realm=\"x\"")
              .build());
    }
    server.start();
    FetchException failure =
        bench.fails(through(proxy("me:canary@")), model("https://origin.example/a"));
    assertEquals(FailureKind.AUTHENTICATION, failure.kind(), failure.toString());
    assertTrue(failure.toString().contains("proxy 127.0.0.1"), failure.toString());
    assertFalse(bench.said(failure).contains("canary"));
  }

  @Test
  void aProxyThatCannotConnectIsNamedAsTheProxy() throws Exception {
    for (int i = 0; i < 9; i++) {
      server.enqueue(new MockResponse.Builder().inTunnel().code(502).build());
    }
    server.start();
    FetchException failure = bench.fails(through(proxy("")), model("https://origin.example/a"));
    assertEquals(FailureKind.TEMPORARY, failure.kind());
    assertTrue(failure.toString().contains("proxy 127.0.0.1"), failure.toString());
    assertTrue(failure.toString().contains("502"), failure.toString());
  }

  @Test
  @FaultCase(137)
  void aDeadProxyIsNamedAsTheProxy() throws Exception {
    server.start();
    String dead = proxy("me:canary@");
    server.close();
    FetchException failure = bench.fails(through(dead), model("https://origin.example/a"));
    assertEquals(FailureKind.TEMPORARY, failure.kind());
    assertTrue(failure.toString().contains("the proxy 127.0.0.1"), failure.toString());
    assertFalse(bench.said(failure).contains("canary"));
    FetchException unknown =
        bench.fails(through("http://no-such-proxy.invalid:1"), model("https://origin.example/a"));
    assertTrue(unknown.toString().contains("the proxy no-such-proxy"), unknown.toString());
  }

  @Test
  void aMetadataAddressIsRefusedBehindAProxyToo() throws Exception {
    server.start();
    FetchException failure =
        bench.fails(
            bench.settings("HTTP_PROXY", proxy("")),
            model("http://169.254.169.254/latest/meta-data"));
    assertEquals(FailureKind.REFUSED, failure.kind());
    assertEquals(0, server.getRequestCount());
  }

  @Test
  void theRouteToAHostCanBeTold() throws Exception {
    server.start();
    try (Fetcher fetcher =
        bench.fetcher(through(proxy("me:canary@")).withAuthorities("--cacert", authorityFile()))) {
      String route = fetcher.describeRoute(SourceUrl.parse("https://origin.example/a"));
      assertTrue(route.startsWith("through the proxy 127.0.0.1:"), route);
      assertTrue(route.contains("ca.pem (--cacert)"), route);
      assertFalse(route.contains("canary"));
      assertEquals("direct", fetcher.describeRoute(SourceUrl.parse("http://a.example/")));
      assertEquals("no network", fetcher.describeRoute(SourceUrl.parse("file:///a")));
    }
  }
}
