package dev.modelbake.fetch;

import static dev.modelbake.fetch.Bench.MODEL;
import static dev.modelbake.fetch.Bench.assertRight;
import static dev.modelbake.fetch.Bench.head;
import static dev.modelbake.fetch.Bench.length;
import static dev.modelbake.fetch.Bench.model;
import static dev.modelbake.fetch.Bench.unsized;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.modelbake.model.CandidateFailure;
import dev.modelbake.model.Descriptor;
import dev.modelbake.model.FailureKind;
import dev.modelbake.model.FetchException;
import dev.modelbake.testing.FaultCase;
import dev.modelbake.testing.RawServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What answers mean: statuses, redirects, bodies that are no model, and who is told what. */
class AnswersTest {
  private static final String CANARY = "canary-71c2";

  @TempDir Path directory;
  private Bench bench;

  @BeforeEach
  void makeBench() {
    bench = new Bench(directory);
  }

  private static void whole(RawServer.Connection connection) throws IOException {
    connection.send(head(200, length(MODEL.length)));
    connection.send(MODEL);
  }

  /** What would answer another question. */
  @ParameterizedTest
  @CsvSource({
    "204, X: x, 1",
    "205, X: x, 1",
    "304, ETag: \"v1\", 1",
    "206, Content-Range: bytes 0-199999/200000, 2",
    "206, Content-Range: bytes 5-9/200000, 2",
    "416, Content-Range: bytes */200000, 1"
  })
  @FaultCase(44)
  void anAnswerToWhatNobodyAskedIsNoSuccess(int status, String header, int requests) {
    try (RawServer odd =
            RawServer.answering(
                connection -> {
                  connection.send(
                      head(status, length(status < 206 || status == 304 ? 0 : 200_000), header));
                  if (status == 206 || status == 416) {
                    connection.send(MODEL);
                  }
                });
        RawServer good = RawServer.answering(AnswersTest::whole)) {
      Fetched fetched = bench.fetch(bench.settings(), model(odd.url("/a"), good.url("/a")));
      assertRight(fetched);
      assertEquals(FailureKind.UNAVAILABLE, fetched.failures().get(0).kind());
      assertEquals(requests, odd.requests().size(), "broken HTTP is asked once more, alone");
      assertEquals(1, good.requests().size());
    }
  }

  private static RawServer redirecting(String location) {
    return RawServer.answering(
        connection -> connection.send(head(302, length(0), "Location: " + location)));
  }

  private FetchSettings hub(RawServer server, String token) {
    Map<String, String> environment =
        token.isEmpty()
            ? Map.of("HF_ENDPOINT", server.url(""))
            : Map.of("HF_ENDPOINT", server.url(""), "HF_TOKEN", token);
    return FetchSettings.defaults(environment)
        .withHome(directory)
        .withSecrets(directory.resolve("none"));
  }

  @ParameterizedTest
  @CsvSource({
    "401, X-Error-Code: RepoNotFound, UNAVAILABLE, there is no repository",
    "404, X-Error-Code: EntryNotFound, UNAVAILABLE, no such file",
    "404, X-Error-Code: RevisionNotFound, UNAVAILABLE, no such revision",
    "403, X-Error-Code: GatedRepo, AUTHENTICATION, accept the licence at",
    "401, X-Error-Code: GatedRepo, AUTHENTICATION, accept the licence at",
    "401, X-Nothing: x, AUTHENTICATION, either there is no",
    "403, X-Nothing: x, AUTHENTICATION, HTTP 403"
  })
  void theHubsOwnCodeDecides(int status, String header, FailureKind kind, String text) {
    try (RawServer server =
        RawServer.answering(connection -> connection.send(head(status, length(0), header)))) {
      FetchException failure =
          bench.fails(
              hub(server, CANARY),
              model(server.url("/org/name/resolve/main/x?download=" + CANARY)));
      assertEquals(kind, failure.kind(), failure.toString());
      assertTrue(failure.toString().contains(text), failure.toString());
      assertTrue(text.startsWith("HTTP") || failure.toString().contains("/org/name"), "" + failure);
      assertFalse(bench.said(failure).contains(CANARY), bench.said(failure));
      assertTrue(server.requests().get(0).contains("Authorization: Bearer " + CANARY));
      assertEquals(1, server.requests().size());
    }
  }

  @Test
  void theHubsStorageGetsNoTokenAndItsRefusalIsNotTheHubs() {
    try (RawServer storage =
            RawServer.answering(
                connection -> connection.send(head(403, length(0), "X-Error-Code: GatedRepo")),
                connection -> connection.send(head(401, length(0))),
                AnswersTest::whole);
        RawServer hub = redirecting(storage.url("/x?sig=" + CANARY))) {
      for (String refusal : List.of("HTTP 403 (forbidden)", "HTTP 401 (login required)")) {
        FetchException failure =
            bench.fails(hub(hub, CANARY), model(hub.url("/org/name/resolve/main/x")));
        assertEquals(FailureKind.AUTHENTICATION, failure.kind());
        assertTrue(failure.toString().contains(refusal), failure.toString());
        assertFalse(failure.toString().contains("licence"), failure.toString());
        assertFalse(bench.said(failure).contains(CANARY), bench.said(failure));
      }
      assertRight(bench.fetch(hub(hub, CANARY), model(hub.url("/org/name/resolve/main/x"))));
      for (int i = 0; i < 3; i++) {
        assertTrue(hub.requests().get(i).contains("Authorization: Bearer " + CANARY));
        assertFalse(storage.requests().get(i).contains("Authorization"));
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "'X-Error-Code: GatedRepo', accept the licence at %s/datasets/org/name and give",
    "'X-Error-Code: DisabledRepo', the hub has disabled %s/datasets/org/name",
    "'X-Error-Message: Access to this resource is disabled.', has disabled %s/datasets/org/name",
    "X-Nothing: x, HTTP 403 (forbidden)"
  })
  void aRefusalOfTheHubNamesTheRepositorysPage(String header, String text) {
    try (RawServer server =
        RawServer.answering(connection -> connection.send(head(403, length(0), header)))) {
      FetchException failure =
          bench.fails(
              hub(server, ""), model(server.url("/datasets/org/name/resolve/main/a/b.bin")));
      String expected = text.formatted(server.url(""));
      assertTrue(failure.toString().contains(expected), failure.toString());
    }
  }

  @Test
  void theHubsCodesMeanNothingElsewhere() {
    try (RawServer server =
        RawServer.answering(
            connection -> connection.send(head(403, length(0), "X-Error-Code: RepoNotFound")))) {
      FetchException failure =
          bench.fails(bench.settings(), model(server.url("/org/name/resolve/main/x")));
      assertEquals(FailureKind.AUTHENTICATION, failure.kind());
      assertTrue(failure.toString().contains("HTTP 403 (forbidden)"), failure.toString());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "file:///etc/passwd",
        "ftp://a.example/x",
        "data:text/plain,x",
        "http://user:canary-71c2@127.0.0.1/x",
        "http://127.0.0.1:1/\u0001x",
        "http://169.254.169.254/latest",
        "http://[fe80::1]/x",
        "//169.254.169.254/latest",
        "http://[broken"
      })
  @FaultCase(41)
  void aRedirectToWhereNobodyShouldGoIsThatSourcesFailure(String location) {
    try (RawServer bad = redirecting(location);
        RawServer good = RawServer.answering(AnswersTest::whole)) {
      Fetched fetched = bench.fetch(bench.settings(), model(bad.url("/a"), good.url("/a")));
      assertRight(fetched);
      CandidateFailure failure = fetched.failures().get(0);
      boolean refused = location.contains("169.254") || location.contains("fe80");
      assertEquals(refused ? FailureKind.REFUSED : FailureKind.UNAVAILABLE, failure.kind());
      assertFalse(bench.said(new IllegalStateException()).contains(CANARY));
      assertEquals(1, bad.requests().size());
    }
  }

  @Test
  void aMetadataAddressIsAskedOnlyWhenItIsAllowed() {
    FetchException refused = bench.fails(model("http://169.254.169.254:1/x"));
    assertEquals(FailureKind.REFUSED, refused.kind());
    assertTrue(refused.toString().contains("--allow-host"), refused.toString());
    FetchSettings allowing =
        bench
            .settings()
            .withAllowHosts(Set.of("169.254.169.254"))
            .withDeadline(Duration.ofMillis(1));
    bench.time.pass(Duration.ofSeconds(1));
    Fetcher fetcher = bench.fetcher(allowing);
    bench.time.pass(Duration.ofSeconds(1));
    // Allowed, so that the next rule speaks; no packet leaves.
    FetchException late =
        assertThrows(
            FetchException.class,
            () -> fetcher.fetch(model("http://169.254.169.254:1/x"), bench.staging));
    fetcher.close();
    assertEquals(FailureKind.TEMPORARY, late.kind());
  }

  @Test
  @FaultCase(37)
  void fiveRedirectsAreFollowedAndSixAreNot() {
    List<String> left = new CopyOnWriteArrayList<>();
    RawServer.Script step =
        connection -> {
          if (left.isEmpty()) {
            whole(connection);
          } else {
            connection.send(head(307, length(0), "Location: /" + left.remove(0)));
          }
        };
    try (RawServer server = RawServer.answering(step)) {
      left.addAll(List.of("1", "2", "3", "4", "5"));
      assertRight(bench.fetch(bench.settings(), model(server.url("/a"))));
      left.addAll(List.of("1", "2", "3", "4", "5", "6"));
      FetchException failure = bench.fails(unsized(server.url("/b")));
      assertTrue(failure.toString().contains("more than 5 redirects"), failure.toString());
    }
  }

  @Test
  @FaultCase(145)
  void credentialsComeBackNeitherElsewhereNorOnTheWayHome() throws IOException {
    List<String> homeUrl = new CopyOnWriteArrayList<>();
    try (RawServer elsewhere =
            RawServer.answering(
                connection ->
                    connection.send(head(302, length(0), "Location: " + homeUrl.get(0))));
        RawServer home =
            RawServer.answering(
                connection ->
                    connection.send(
                        head(302, length(0), "Location: " + elsewhere.url("/x?sig=" + CANARY))),
                AnswersTest::whole)) {
      homeUrl.add(home.url("/back"));
      Path headers =
          Files.writeString(
              directory.resolve("headers"),
              "%1$s X-Key: %2$s%n%1$s Cookie: %2$s%n".formatted(home.url("/"), CANARY));
      Fetched fetched =
          bench.fetch(bench.settings().withHeadersFile(headers), model(home.url("/a")));
      assertRight(fetched);
      assertTrue(home.requests().get(0).contains("X-Key: " + CANARY));
      assertTrue(home.requests().get(0).contains("Cookie: " + CANARY));
      for (String request : List.of(elsewhere.requests().get(0), home.requests().get(1))) {
        Set<String> names = new TreeSet<>();
        request.lines().skip(1).forEach(line -> names.add(line.substring(0, line.indexOf(':'))));
        assertEquals(
            Set.of("Accept", "Accept-Encoding", "Connection", "Host", "User-Agent"), names);
      }
      assertFalse(bench.said(new IllegalStateException()).contains(CANARY));
    }
  }

  @Test
  @FaultCase(42)
  void aSignedUrlThatExpiresIsAskedForAgainWhereItCameFrom() {
    int half = MODEL.length / 2;
    try (RawServer cdn =
            RawServer.answering(
                connection -> {
                  connection.send(head(200, length(MODEL.length), "ETag: \"v\""));
                  connection.send(Arrays.copyOf(MODEL, half));
                },
                connection -> {
                  connection.send(
                      head(
                          206,
                          length(MODEL.length - half),
                          "Content-Range: bytes %d-%d/%d"
                              .formatted(half, MODEL.length - 1, MODEL.length)));
                  connection.send(Arrays.copyOfRange(MODEL, half, MODEL.length));
                });
        RawServer origin =
            RawServer.answering(
                connection -> connection.send(head(302, length(0), "Location: " + cdn.url("/1"))),
                connection ->
                    connection.send(head(302, length(0), "Location: " + cdn.url("/2"))))) {
      Fetched fetched = bench.fetch(bench.settings(), model(origin.url("/a")));
      assertRight(fetched);
      assertEquals(MODEL.length, fetched.received());
      assertTrue(cdn.requests().get(1).startsWith("GET /2 "), cdn.requests().get(1));
      assertTrue(cdn.requests().get(1).contains("If-Range: \"v\""), cdn.requests().get(1));
    }
  }

  @Test
  @FaultCase(34)
  void aWeakTagIsNoValidatorAndTheDigestDecides() {
    int half = MODEL.length / 2;
    try (RawServer server =
        RawServer.answering(
            connection -> {
              connection.send(head(200, length(MODEL.length), "ETag: W/\"v\""));
              connection.send(Arrays.copyOf(MODEL, half));
            },
            connection -> {
              connection.send(
                  head(
                      206,
                      "Content-Range: bytes %d-%d/%d"
                          .formatted(half, MODEL.length - 1, MODEL.length)));
              connection.send(Arrays.copyOfRange(MODEL, half, MODEL.length));
            })) {
      assertRight(bench.fetch(bench.settings(), model(server.url("/a"))));
      assertFalse(server.requests().get(1).contains("If-Range"));
    }
  }

  @Test
  void anotherMirrorContinuesAndAPoisonedBeginningCostsOneMoreTransfer() {
    int half = MODEL.length / 2;
    try (RawServer poisoner =
            RawServer.answering(
                connection -> {
                  connection.send(head(200, length(MODEL.length)));
                  connection.send(new byte[half]);
                });
        RawServer good =
            RawServer.answering(
                connection -> {
                  if (!connection.request().contains("Range: ")) {
                    whole(connection);
                    return;
                  }
                  String from =
                      connection
                          .request()
                          .lines()
                          .filter(line -> line.startsWith("Range: "))
                          .findFirst()
                          .orElseThrow()
                          .replaceAll("[^0-9]", "");
                  connection.send(
                      head(
                          206,
                          "Content-Range: bytes %s-%d/%d"
                              .formatted(from, MODEL.length - 1, MODEL.length)));
                  connection.send(Arrays.copyOfRange(MODEL, Integer.parseInt(from), MODEL.length));
                })) {
      assertRight(bench.fetch(bench.settings(), model(poisoner.url("/a"), good.url("/a"))));
      assertEquals(2, good.requests().size());
      assertTrue(good.requests().get(0).contains("Range: bytes=" + half + "-"));
      assertFalse(good.requests().get(0).contains("If-Range"));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "<!DOCTYPE html><title>Quota exceeded</title>|an HTML page titled \"Quota exceeded\"",
        "<?xml version=\"1.0\"?><Error><Code>NoSuchKey</Code></Error>|code \"NoSuchKey\"",
        "version https://git-lfs.github.com/spec/v1|a git-lfs pointer",
        "'\u001f\u008b\u0008 zip'|gzip data",
        "''|nothing at all"
      })
  void whatCameInsteadIsNamed(String body, String text) {
    byte[] bytes = body.getBytes(StandardCharsets.ISO_8859_1);
    for (String length : List.of(length(bytes.length), "Connection: close")) {
      try (RawServer server =
          RawServer.answering(
              connection -> {
                connection.send(head(200, length));
                connection.send(bytes);
              })) {
        for (var file : List.of(model(server.url("/a")), unsized(server.url("/a")))) {
          FetchException failure = bench.fails(file);
          assertEquals(FailureKind.INTEGRITY, failure.kind(), failure.toString());
          assertTrue(failure.toString().contains(text), failure.toString());
        }
      }
    }
  }

  @Test
  void whatACredentialOpenedIsNotQuoted() throws IOException {
    String page = "<html><title>" + CANARY + "</title></html>";
    try (RawServer server =
        RawServer.answering(
            connection -> {
              connection.send(head(200, length(page.length())));
              connection.send(page);
            })) {
      Path headers =
          Files.writeString(directory.resolve("h"), server.url("/") + " X-Key: " + CANARY);
      for (var file : List.of(model(server.url("/a")), unsized(server.url("/a")))) {
        FetchException failure = bench.fails(bench.settings().withHeadersFile(headers), file);
        assertTrue(failure.toString().contains("an HTML page"), failure.toString());
        assertFalse(bench.said(failure).contains(CANARY), bench.said(failure));
      }
    }
  }

  @Test
  @FaultCase(149)
  void aServerThatEchoesTheTokenEverywhereLeaksNothing() throws IOException {
    List<String> answers =
        List.of(
            "HTTP/1.1 " + CANARY + " x\r\n\r\n",
            "HTTP/1.1 500 " + CANARY + "\r\nRetry-After: " + CANARY + "\r\n\r\n",
            "HTTP/1.1 200 OK\r\nContent-Length: " + CANARY + "\r\n\r\n",
            "HTTP/1.1 200 OK\r\nContent-Encoding: " + CANARY + "\r\n\r\n",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + CANARY + "\r\n",
            "HTTP/1.1 302 OK\r\nLocation: " + CANARY + ":x\r\n\r\n",
            "HTTP/1.1 302 OK\r\nLocation: http://127.0.0.1:1/" + CANARY + "\r\n\r\n",
            CANARY + "\r\n\r\n");
    for (String answer : answers) {
      try (RawServer server = RawServer.answering(connection -> connection.send(answer))) {
        Path headers =
            Files.writeString(directory.resolve("h"), server.url("/") + " X-Key: " + CANARY);
        FetchException failure =
            bench.fails(bench.settings().withHeadersFile(headers), model(server.url("/a")));
        String ours = bench.events + failure.toString() + failure.failures();
        assertFalse(ours.contains(CANARY), ours);
      }
    }
  }

  @Test
  @FaultCase(27)
  void wrongSizesThatAgreeAreSaidToAgree() {
    try (RawServer server =
        RawServer.answering(
            connection -> {
              connection.send(head(200, length(7)));
              connection.send("release");
            })) {
      FetchException failure =
          bench.fails(model(server.url("/a"), server.url("/b"), server.url("/c")));
      assertEquals(FailureKind.INTEGRITY, failure.kind());
      assertTrue(failure.toString().contains("agree on 7 bytes"), failure.toString());
      assertEquals(3, failure.failures().size());
    }
  }

  @Test
  void aLiarAndAnAbsentSourceAreWrongBytes() {
    try (RawServer liar =
            RawServer.answering(
                connection -> {
                  connection.send(head(200, length(MODEL.length)));
                  connection.send(new byte[MODEL.length]);
                });
        RawServer gone = RawServer.answering(connection -> connection.send(head(404, length(0))))) {
      FetchException failure = bench.fails(model(gone.url("/a"), liar.url("/a")));
      assertEquals(FailureKind.INTEGRITY, failure.kind());
      assertEquals(MODEL.length, failure.received());
    }
  }

  @Test
  void aFileOfNoBytesCanBeFetched() {
    byte[] nothing = {};
    try (RawServer server =
        RawServer.answering(connection -> connection.send(head(200, length(0))))) {
      Fetched fetched =
          bench.fetch(
              bench.settings(),
              Bench.planned(Descriptor.of(Bench.sha256(nothing), 0), server.url("/a")));
      assertEquals(0, fetched.blob().size());
    }
  }
}
