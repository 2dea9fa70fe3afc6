package dev.modelbake.fetch;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.modelbake.http.Time;
import dev.modelbake.model.BakeListener;
import dev.modelbake.model.Candidate;
import dev.modelbake.model.CandidateFailure;
import dev.modelbake.model.Descriptor;
import dev.modelbake.model.Digest;
import dev.modelbake.model.FailureKind;
import dev.modelbake.model.FetchException;
import dev.modelbake.model.FileMode;
import dev.modelbake.model.Location;
import dev.modelbake.model.Origin;
import dev.modelbake.model.Owner;
import dev.modelbake.model.PlannedFile;
import dev.modelbake.model.SourceUrl;
import dev.modelbake.model.Target;
import dev.modelbake.model.Unpacking;
import dev.modelbake.store.BlobStore;
import dev.modelbake.testing.FaultCase;
import dev.modelbake.testing.RawServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import mockwebserver3.SocketEffect;
import okhttp3.tls.HandshakeCertificates;
import okhttp3.tls.HeldCertificate;
import okio.Buffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Servers that cut, lie, redirect and ask for patience. */
class UntrustedSourcesTest {
  private static final byte[] MODEL = new byte[200_000];

  static {
    new Random(1).nextBytes(MODEL);
  }

  @TempDir Path directory;

  private final MockWebServer server = new MockWebServer();
  private final PatientTime time = new PatientTime();

  /** Real time but for pauses, which are noted and not waited for. */
  private static final class PatientTime implements Time {
    private final List<Duration> pauses = new ArrayList<>();

    @Override
    public Instant now() {
      return Instant.parse("2026-11-20T12:00:00Z");
    }

    @Override
    public Duration elapsed() {
      return Time.SYSTEM.elapsed().plus(slept());
    }

    private synchronized Duration slept() {
      return pauses.stream().reduce(Duration.ZERO, Duration::plus);
    }

    @Override
    public synchronized void sleep(Duration pause) {
      pauses.add(pause);
    }
  }

  @AfterEach
  void end() {
    server.close();
  }

  private static Digest sha256(byte[] bytes) {
    try {
      return Digest.sha256(
          HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes)));
    } catch (java.security.NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  private FetchSettings settings() {
    return FetchSettings.defaults(Map.of())
        .withHome(directory)
        .withSecrets(directory.resolve("no-secrets"));
  }

  private static PlannedFile file(OptionalLong size, String... urls) {
    List<Candidate> candidates =
        IntStream.range(0, urls.length)
            .mapToObj(
                i ->
                    new Candidate(
                        SourceUrl.parse(urls[i]),
                        i == 0 ? Candidate.Role.ORIGIN : Candidate.Role.MIRROR,
                        Candidate.Form.DOWNLOAD))
            .toList();
    return new PlannedFile(
        "m/a.onnx",
        "m",
        Location.of("models.yaml"),
        Optional.of(new Descriptor(sha256(MODEL), size, List.of())),
        new Origin.Download(candidates),
        new Unpacking.None(),
        new Target.Resolved(
            Path.of("/opt/a"), new Owner(0, 0), FileMode.parse("0644"), FileMode.parse("0755")),
        PlannedFile.State.ABSENT);
  }

  private static PlannedFile file(String... urls) {
    return file(OptionalLong.of(MODEL.length), urls);
  }

  private Fetched fetch(FetchSettings settings, PlannedFile file) {
    try (Fetcher fetcher = new Fetcher(settings, BakeListener.NONE, time, () -> 0.5)) {
      return fetcher.fetch(
          file, BlobStore.staging(Files.createTempDirectory(directory, "staging")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private FetchException fails(PlannedFile file) {
    return assertThrows(FetchException.class, () -> fetch(settings(), file));
  }

  private void assertRight(Fetched fetched) throws IOException {
    assertArrayEquals(MODEL, Files.readAllBytes(fetched.blob().path()));
  }

  private void always(MockResponse response) {
    server.setDispatcher(
        new Dispatcher() {
          @Override
          public MockResponse dispatch(RecordedRequest request) {
            return response;
          }
        });
  }

  private static MockResponse.Builder body(byte[] bytes) {
    return new MockResponse.Builder().code(200).body(new Buffer().write(bytes));
  }

  private String url(String path) {
    return server.url(path).toString();
  }

  @ParameterizedTest
  @CsvSource({
    "HTTP1, DECLARED",
    "HTTP1, UNDECLARED",
    "HTTP2, DECLARED",
    "HTTP2, UNDECLARED",
    "HTTP1, CHUNKED"
  })
  @FaultCase(13)
  void halfTheBytesAreNeverAFile(String protocol, String length) throws Exception {
    FetchSettings settings = settings();
    if (protocol.equals("HTTP2")) {
      HeldCertificate held =
          new HeldCertificate.Builder().addSubjectAlternativeName("localhost").build();
      server.useHttps(
          new HandshakeCertificates.Builder().heldCertificate(held).build().sslSocketFactory());
      Path ca = Files.writeString(directory.resolve("ca.pem"), held.certificatePem());
      settings = settings.withAuthorities("--cacert", ca);
    }
    byte[] half = Arrays.copyOf(MODEL, MODEL.length / 2);
    MockResponse.Builder response =
        length.equals("CHUNKED")
            ? new MockResponse.Builder().chunkedBody(new Buffer().write(half), 1000)
            : body(half);
    if (length.equals("DECLARED")) {
      response.setHeader("Content-Length", MODEL.length);
      response.onResponseEnd(SocketEffect.ShutdownConnection.INSTANCE);
    }
    if (length.equals("UNDECLARED")) {
      response.removeHeader("Content-Length");
      response.onResponseEnd(SocketEffect.ShutdownConnection.INSTANCE);
    }
    always(response.build());
    server.start();
    FetchSettings used = settings;
    for (OptionalLong size : List.of(OptionalLong.of(MODEL.length), OptionalLong.empty())) {
      PlannedFile file =
          file(
              size,
              "http"
                  + (protocol.equals("HTTP2") ? "s" : "")
                  + "://localhost:"
                  + server.getPort()
                  + "/a");
      FetchException failure =
          assertThrows(FetchException.class, () -> fetch(used, file), protocol + " " + size);
      assertTrue(
          List.of(FailureKind.INTEGRITY, FailureKind.TEMPORARY, FailureKind.UNAVAILABLE)
              .contains(failure.kind()),
          failure.toString());
    }
  }

  @Test
  void aBodyWithoutALengthIsReadOnce() throws Exception {
    server.enqueue(new MockResponse.Builder().chunkedBody(new Buffer().write(MODEL), 1000).build());
    server.start();
    Fetched fetched = fetch(settings(), file(url("/a")));
    assertRight(fetched);
    assertEquals(1, server.getRequestCount());
    assertEquals(MODEL.length, fetched.received());
  }

  @Test
  @FaultCase({16, 47})
  void aLyingFirstSourceIsPassedOverAndNamed() throws Exception {
    byte[] wrong = MODEL.clone();
    wrong[7] ^= 1;
    server.enqueue(body(wrong).build());
    server.enqueue(body(MODEL).build());
    server.start();
    Fetched fetched = fetch(settings(), file(url("/lies"), url("/true")));
    assertRight(fetched);
    assertEquals(Candidate.Role.MIRROR, fetched.candidate().role());
    CandidateFailure lie = fetched.failures().get(0);
    assertEquals(FailureKind.INTEGRITY, lie.kind());
    assertEquals(Optional.of(sha256(wrong)), lie.actual());
    assertEquals(2L * MODEL.length, fetched.received());
  }

  @Test
  @FaultCase({48, 49})
  void sourcesThatAgreeOnOtherBytesAreToldFromOnesThatDiffer() throws Exception {
    byte[] wrong = MODEL.clone();
    wrong[7] ^= 1;
    byte[] other = MODEL.clone();
    other[9] ^= 1;
    server.setDispatcher(
        new Dispatcher() {
          @Override
          public MockResponse dispatch(RecordedRequest request) {
            return body(request.getTarget().equals("/other") ? other : wrong).build();
          }
        });
    server.start();
    FetchException agree = fails(file(url("/1"), url("/2")));
    assertEquals(FailureKind.INTEGRITY, agree.kind());
    assertTrue(
        agree.explanation().happened().contains("agree on " + sha256(wrong)), agree.toString());
    FetchException differ = fails(file(url("/1"), url("/other")));
    assertTrue(differ.explanation().happened().contains("differ"), differ.toString());
  }

  @Test
  @FaultCase(25)
  void anErrorPageWithStatus200IsNamedByItsTitle() throws Exception {
    String page =
        "<!DOCTYPE html><html><head><title>Quota \u001b[31mexceeded</title></head></html>";
    always(body(page.getBytes(StandardCharsets.UTF_8)).build());
    server.start();
    FetchException failure = fails(file(OptionalLong.empty(), url("/a")));
    String text = failure.toString() + failure.failures();
    assertTrue(text.contains("HTML") && text.contains("Quota"), text);
    assertTrue(text.indexOf('\u001b') < 0, text);
  }

  /** A query may be a secret, and a page may say it back. */
  @Test
  void anErrorPageBehindAQueryIsNotQuoted() throws Exception {
    String page = "<!DOCTYPE html><html><head><title>canary is wrong</title></head></html>";
    always(body(page.getBytes(StandardCharsets.UTF_8)).build());
    server.start();
    FetchException failure = fails(file(OptionalLong.empty(), url("/a?token=canary")));
    String text = failure.toString() + failure.failures();
    assertTrue(text.contains("HTML") && !text.contains("canary"), text);
  }

  @Test
  @FaultCase(26)
  void aGitLfsPointerIsNamed() throws Exception {
    String pointer =
        "version https://git-lfs.github.com/spec/v1\noid sha256:" + "a".repeat(64) + "\nsize 9\n";
    always(body(pointer.getBytes(StandardCharsets.UTF_8)).build());
    server.start();
    assertTrue(fails(file(url("/a"))).toString().contains("git-lfs"));
  }

  @ParameterizedTest
  @CsvSource({
    "404, UNAVAILABLE, 1",
    "410, UNAVAILABLE, 1",
    "401, AUTHENTICATION, 1",
    "403, AUTHENTICATION, 1",
    "204, UNAVAILABLE, 1"
  })
  @FaultCase(20)
  void someAnswersAreFinal(int status, FailureKind kind, int requests) throws Exception {
    always(new MockResponse.Builder().code(status).build());
    server.start();
    FetchException failure = fails(file(url("/a")));
    assertEquals(kind, failure.kind(), failure.toString());
    assertEquals(requests, server.getRequestCount());
    assertTrue(time.pauses.isEmpty());
  }

  @ParameterizedTest
  @ValueSource(ints = {408, 425, 429, 500, 502, 503, 504})
  @FaultCase(24)
  void someAnswersAreTriedAgainUntilTheyAreRight(int status) throws Exception {
    server.enqueue(new MockResponse.Builder().code(status).build());
    server.enqueue(new MockResponse.Builder().code(status).build());
    server.enqueue(body(MODEL).build());
    server.start();
    assertRight(fetch(settings(), file(url("/a"))));
    // The client itself asks once more after a 408, unseen.
    assertEquals(status == 408 ? 1 : 2, time.pauses.size());
    assertTrue(
        status == 408 || time.pauses.get(1).compareTo(time.pauses.get(0)) > 0, "" + time.pauses);
  }

  @ParameterizedTest
  @ValueSource(strings = {"99999999999999999999", "0,120", "-5", "soon", "299.997", "7"})
  @FaultCase(23)
  void noRetryAfterBreaksUs(String value) throws Exception {
    server.enqueue(new MockResponse.Builder().code(503).setHeader("Retry-After", value).build());
    server.enqueue(body(MODEL).build());
    server.enqueue(body(MODEL).build());
    server.start();
    assertRight(fetch(settings(), file(url("/a"), url("/b"))));
    assertTrue(
        time.pauses.stream().allMatch(pause -> pause.compareTo(Duration.ofSeconds(60)) <= 0));
  }

  @Test
  @FaultCase(42)
  void aCutTransferGoesOnWhereItStoppedAtTheOriginalUrl() throws Exception {
    byte[] half = Arrays.copyOf(MODEL, MODEL.length / 2);
    server.enqueue(
        body(half)
            .setHeader("Content-Length", MODEL.length)
            .setHeader("ETag", "\"v1\"")
            .onResponseEnd(SocketEffect.ShutdownConnection.INSTANCE)
            .build());
    server.enqueue(
        body(Arrays.copyOfRange(MODEL, half.length, MODEL.length))
            .code(206)
            .setHeader("ETag", "\"v1\"")
            .setHeader(
                "Content-Range",
                "bytes %d-%d/%d".formatted(half.length, MODEL.length - 1, MODEL.length))
            .build());
    server.start();
    Fetched fetched = fetch(settings(), file(url("/a")));
    assertRight(fetched);
    server.takeRequest();
    RecordedRequest second = server.takeRequest();
    assertEquals("bytes=" + half.length + "-", second.getHeaders().get("Range"));
    assertEquals("\"v1\"", second.getHeaders().get("If-Range"));
    assertEquals(MODEL.length, fetched.received());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "bytes 0-199999/200000", "bytes 100001-199999/200000", "bytes 100000-199999/200001",
        "bytes */200000", "", "nonsense"
      })
  @FaultCase(32)
  void aPartThatIsNotTheOneAskedForIsNotAppended(String contentRange) throws Exception {
    byte[] half = Arrays.copyOf(MODEL, MODEL.length / 2);
    AtomicInteger requests = new AtomicInteger();
    server.setDispatcher(
        new Dispatcher() {
          @Override
          public MockResponse dispatch(RecordedRequest request) {
            requests.incrementAndGet();
            if (request.getHeaders().get("Range") != null) {
              MockResponse.Builder part = body(half).code(206);
              if (!contentRange.isEmpty()) {
                part.setHeader("Content-Range", contentRange);
              }
              return part.build();
            }
            if (requests.get() > 1) {
              return body(MODEL).build();
            }
            return body(half)
                .setHeader("Content-Length", MODEL.length)
                .setHeader("ETag", "\"v1\"")
                .onResponseEnd(SocketEffect.ShutdownConnection.INSTANCE)
                .build();
          }
        });
    server.start();
    assertRight(fetch(settings(), file(url("/a"), url("/b"))));
  }

  @Test
  @FaultCase(31)
  void aServerThatIgnoresTheRangeIsReadFromTheBeginning() throws Exception {
    byte[] half = Arrays.copyOf(MODEL, MODEL.length / 2);
    server.enqueue(
        body(half)
            .setHeader("Content-Length", MODEL.length)
            .setHeader("ETag", "\"v1\"")
            .onResponseEnd(SocketEffect.ShutdownConnection.INSTANCE)
            .build());
    server.enqueue(body(MODEL).build());
    server.start();
    assertRight(fetch(settings(), file(url("/a"))));
  }

  @Test
  @FaultCase(50)
  void aPoisonedFirstHalfEarnsOneCleanRestart() throws Exception {
    byte[] poison = new byte[MODEL.length / 2];
    AtomicInteger requests = new AtomicInteger();
    server.setDispatcher(
        new Dispatcher() {
          @Override
          public MockResponse dispatch(RecordedRequest request) {
            if (requests.incrementAndGet() == 1) {
              return body(poison)
                  .setHeader("Content-Length", MODEL.length)
                  .setHeader("ETag", "\"v1\"")
                  .onResponseEnd(SocketEffect.ShutdownConnection.INSTANCE)
                  .build();
            }
            if (request.getHeaders().get("Range") != null) {
              return body(Arrays.copyOfRange(MODEL, poison.length, MODEL.length))
                  .code(206)
                  .setHeader("ETag", "\"v1\"")
                  .setHeader(
                      "Content-Range",
                      "bytes %d-%d/%d".formatted(poison.length, MODEL.length - 1, MODEL.length))
                  .build();
            }
            return body(MODEL).setHeader("ETag", "\"v1\"").build();
          }
        });
    server.start();
    assertRight(fetch(settings(), file(url("/a"))));
    assertEquals(3, requests.get());
  }

  @Test
  @FaultCase(30)
  void anEncodedAnswerIsRefusedAndTheNextSourceTaken() throws Exception {
    server.enqueue(body(MODEL).setHeader("Content-Encoding", "gzip").build());
    server.enqueue(body(MODEL).build());
    server.start();
    assertRight(fetch(settings(), file(url("/gz"), url("/plain"))));
    assertEquals("identity", server.takeRequest().getHeaders().get("Accept-Encoding"));
  }

  @Test
  @FaultCase(146)
  void credentialsStayWithTheirOriginAcrossARedirect() throws Exception {
    try (MockWebServer elsewhere = new MockWebServer()) {
      elsewhere.enqueue(body(MODEL).build());
      elsewhere.start();
      server.enqueue(
          new MockResponse.Builder()
              .code(302)
              .setHeader("Location", elsewhere.url("/signed?sig=canary").toString())
              .build());
      server.start();
      Path headers =
          Files.writeString(
              directory.resolve("headers"),
              url("/") + " Authorization: Bearer canary\n" + url("/") + " X-Key: canary\n");
      assertRight(fetch(settings().withHeadersFile(headers), file(url("/a"))));
      assertEquals("Bearer canary", server.takeRequest().getHeaders().get("Authorization"));
      RecordedRequest second = elsewhere.takeRequest();
      assertNull(second.getHeaders().get("Authorization"));
      assertNull(second.getHeaders().get("X-Key"));
      assertNull(second.getHeaders().get("Cookie"));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"file:///etc/passwd", "ftp://h/x", "data:,x", "http://169.254.169.254/"})
  @FaultCase(40)
  void aRedirectToWhereNobodyShouldGoIsNotFollowed(String location) throws Exception {
    server.enqueue(new MockResponse.Builder().code(302).setHeader("Location", location).build());
    server.enqueue(body(MODEL).build());
    server.start();
    Fetched fetched = fetch(settings(), file(url("/a"), url("/b")));
    assertRight(fetched);
    assertEquals(1, fetched.failures().size());
  }

  @Test
  @FaultCase(38)
  void aRedirectLoopEnds() throws Exception {
    always(new MockResponse.Builder().code(302).setHeader("Location", "/again").build());
    server.start();
    assertEquals(FailureKind.UNAVAILABLE, fails(file(url("/a"))).kind());
    assertTrue(server.getRequestCount() <= 6, "" + server.getRequestCount());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 200 OK\r\nContent-Length: -7\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\nshort",
        "HTTP/1.1 200 OK\r\nContent-Length: 200000\r\nContent-Length: 5\r\n\r\nshort",
        "junk junk junk\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\nx",
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "junk before\r\nHTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nshort",
        ""
      })
  @FaultCase(43)
  void brokenHttpIsThatSourcesFailureAndNoCrash(String answer) throws Exception {
    try (ServerSocket socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      Thread raw =
          new Thread(
              () -> {
                while (!socket.isClosed()) {
                  try (Socket client = socket.accept()) {
                    client.getInputStream().read(new byte[4096]);
                    client.getOutputStream().write(answer.getBytes(StandardCharsets.ISO_8859_1));
                    client.getOutputStream().flush();
                  } catch (IOException e) {
                    // The client went away, or the test is over.
                  }
                }
              });
      raw.start();
      server.enqueue(body(MODEL).build());
      server.start();
      String broken = "http://127.0.0.1:" + socket.getLocalPort() + "/a";
      assertRight(fetch(settings(), file(broken, url("/b"))));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "'<html>no end of line', UNAVAILABLE",
    "NULS, UNAVAILABLE",
    "LONG, UNAVAILABLE",
    "INTERIM, TEMPORARY",
    "FIELDS, TEMPORARY",
    "'HTTP/1.1 200 OK\r\nContent-Len', TEMPORARY"
  })
  @FaultCase(43)
  void whatIsNoHttpIsFinalAndACutHeadIsNot(String answer, FailureKind kind) throws Exception {
    // Short lines without end are left after 256 KiB too, and then look like a head that was cut.
    String sent =
        switch (answer) {
          case "NULS" -> "\0".repeat(300_000);
          case "LONG" -> "HTTP/1.1 200 " + "a".repeat(300_000);
          case "INTERIM" -> "HTTP/1.1 103 x\r\n\r\n".repeat(50_000);
          case "FIELDS" -> "HTTP/1.1 200 x\r\n" + "A: b\r\n".repeat(100_000);
          default -> answer;
        };
    try (RawServer raw = RawServer.answering(connection -> connection.send(sent))) {
      assertEquals(kind, fails(file(raw.url("/a"))).kind());
    }
  }

  @Test
  void offlineOpensNoSocket() throws Exception {
    server.start();
    FetchException failure =
        assertThrows(
            FetchException.class,
            () -> fetch(settings().withNetwork(NetworkUse.OFFLINE), file(url("/a"))));
    assertEquals(FailureKind.UNAVAILABLE, failure.kind());
    assertEquals(0, server.getRequestCount());
  }

  @Test
  void aStoreGivesWhatItProvedBeforeAndNothingElse() throws Exception {
    server.enqueue(body(MODEL).build());
    server.enqueue(body(MODEL).build());
    server.start();
    Path store = directory.resolve("store");
    assertRight(fetch(settings().withStore(store), file(url("/a"))));
    Path blob = store.resolve("blobs/sha256/" + sha256(MODEL).hex());
    assertTrue(Files.exists(blob) && Files.exists(store.resolve("oci-layout")));
    Fetched second = fetch(settings().withStore(store), file(url("/a")));
    assertRight(second);
    assertEquals(Candidate.Role.STORE, second.candidate().role());
    assertEquals(1, server.getRequestCount());

    byte[] poisoned = MODEL.clone();
    poisoned[3] ^= 1;
    Files.write(blob, poisoned);
    assertRight(fetch(settings().withStore(store), file(url("/a"))));
    assertEquals(2, server.getRequestCount());
  }

  @Test
  void aProxyIsAskedForHostsThatAreNotExcepted() throws Exception {
    server.enqueue(body(MODEL).build());
    server.start();
    FetchSettings proxied =
        FetchSettings.defaults(
                Map.of("http_proxy", url("/"), "NO_PROXY", "other.example,10.0.0.0/8"))
            .withHome(directory)
            .withSecrets(directory.resolve("none"));
    assertRight(fetch(proxied, file("http://origin.example/m/a")));
    assertTrue(server.takeRequest().getRequestLine().contains("http://origin.example/m/a"));
  }
}
