package dev.modelbake.hub;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.modelbake.fetch.FetchSettings;
import dev.modelbake.hub.Snapshot.Restriction;
import dev.modelbake.json.Json;
import dev.modelbake.json.JsonNull;
import dev.modelbake.json.JsonObject;
import dev.modelbake.model.BakeEvent;
import dev.modelbake.model.Digest;
import dev.modelbake.model.EnvironmentException;
import dev.modelbake.model.FailureKind;
import dev.modelbake.model.HubException;
import dev.modelbake.model.HubRepository;
import dev.modelbake.model.HubRepository.Kind;
import dev.modelbake.model.Location;
import dev.modelbake.model.Text;
import dev.modelbake.testing.ManualTime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import mockwebserver3.SocketEffect;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the hub tells of a repository, and what it must not tell. */
class HubTest {
  private static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";
  private static final String OTHER = "fedcba9876543210fedcba9876543210fedcba98";
  private static final String BLOB = "a".repeat(40);
  private static final String SHA256 = "b".repeat(64);
  private static final String TOKEN = "hf_canary";

  @TempDir Path directory;
  private final MockWebServer server = new MockWebServer();
  private final ManualTime time = new ManualTime();
  private final List<BakeEvent> events = new CopyOnWriteArrayList<>();
  private final Map<String, String> environment = new HashMap<>();

  @BeforeEach
  void start() throws IOException {
    server.start();
    environment.put("HF_ENDPOINT", "http://127.0.0.1:" + server.getPort() + "/");
  }

  @AfterEach
  void end() {
    server.close();
  }

  private static HubRepository repository(Kind kind, String id, String revision) {
    return new HubRepository(
        kind, id, new Text(revision, Location.of("models.yaml")), Optional.empty());
  }

  private static HubRepository model(String revision) {
    return repository(Kind.MODEL, "org/name", revision);
  }

  private Hub hub() {
    FetchSettings settings =
        FetchSettings.defaults(environment)
            .withHome(directory)
            .withSecrets(directory.resolve("no-secrets"));
    return new Hub(settings.http(), events::add, time, () -> 0.5);
  }

  private Snapshot snapshot(HubRepository repository) {
    try (Hub hub = hub()) {
      return hub.snapshot(repository);
    }
  }

  private HubException fails(String revision) {
    return assertThrows(HubException.class, () -> snapshot(model(revision)));
  }

  private void answer(String body) {
    server.enqueue(new MockResponse.Builder().body(body).build());
  }

  private void answer(int status, String... headers) {
    MockResponse.Builder response = new MockResponse.Builder().code(status);
    for (String header : headers) {
      response.addHeader(header);
    }
    server.enqueue(response.build());
  }

  private static JsonObject description(List<JsonObject> siblings) {
    return Json.object().with("id", "org/name").with("sha", COMMIT).with("siblings", siblings);
  }

  private static JsonObject sibling(String path) {
    return Json.object().with("rfilename", path).with("size", 7).with("blobId", BLOB);
  }

  private static JsonObject lfsSibling(String path) {
    JsonObject lfs = Json.object().with("sha256", SHA256).with("size", 7).with("pointerSize", 134);
    return sibling(path).with("lfs", lfs);
  }

  private static JsonObject entry(String path) {
    return Json.object().with("type", "file").with("oid", BLOB).with("size", 7).with("path", path);
  }

  private static String page(String... paths) {
    List<JsonObject> entries = new ArrayList<>();
    for (String path : paths) {
      entries.add(entry(path));
    }
    return Json.array(entries).compact();
  }

  private RecordedRequest request() {
    try {
      return server.takeRequest();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private String target() {
    return request().getTarget();
  }

  @Test
  void aBranchBecomesItsCommitAndItsFilesByPath() {
    answer(
        description(List.of(lfsSibling("z.onnx"), sibling("config.json"), sibling("a/b.txt")))
            .with("private", Json.of(false))
            .with("gated", Json.of(false))
            .compact());
    Snapshot snapshot = snapshot(model("main"));
    assertEquals(COMMIT, snapshot.commit());
    assertEquals("org/name", snapshot.repository().id());
    assertEquals(
        List.of(
            new HubFile("a/b.txt", 7, BLOB, Optional.empty()),
            new HubFile("config.json", 7, BLOB, Optional.empty()),
            new HubFile("z.onnx", 7, BLOB, Optional.of(Digest.sha256(SHA256)))),
        snapshot.files());
    assertEquals(SHA256, snapshot.files().get(2).cacheName());
    assertEquals(BLOB, snapshot.files().get(1).cacheName());
    assertEquals(Set.of(), snapshot.restrictions());
    assertEquals("/api/models/org/name/revision/main?blobs=true", target());
  }

  @ParameterizedTest
  @CsvSource({
    "MODEL, gpt2, main, /api/models/gpt2/revision/main",
    "DATASET, org/name, v1.0, /api/datasets/org/name/revision/v1.0",
    "SPACE, org/name, refs/pr/1, /api/spaces/org/name/revision/refs%2Fpr%2F1",
    "MODEL, org/na me, a b, /api/models/org/na%20me/revision/a%20b"
  })
  void eachTypeHasItsAddressAndARevisionIsOneSegment(
      Kind kind, String id, String revision, String path) {
    answer(description(List.of(sibling("x"))).compact());
    assertEquals(1, snapshot(repository(kind, id, revision)).files().size());
    assertEquals(path + "?blobs=true", target());
  }

  @Test
  void theEndpointMayHaveAPathAsThoseOfArtifactStoresDo() {
    environment.put("HF_ENDPOINT", "http://127.0.0.1:" + server.getPort() + "/api/hf//");
    answer(401, "X-Error-Code: RepoNotFound");
    HubException failure = fails("main");
    assertEquals("/api/hf/api/models/org/name/revision/main?blobs=true", target());
    assertTrue(failure.toString().contains("/api/hf/org/name that this token"), "" + failure);
  }

  @ParameterizedTest
  @ValueSource(strings = {"hub.example", "ftp://a/", "https://u:canary@a/", "https://a/?canary"})
  void anEndpointThatIsNoServerIsSaidWithoutQuotingIt(String value) {
    environment.put("HF_ENDPOINT", value);
    EnvironmentException failure = assertThrows(EnvironmentException.class, this::hub);
    assertEquals(FailureKind.CONFIGURATION, failure.kind());
    assertTrue(failure.toString().contains("HF_ENDPOINT"));
    assertFalse(failure.toString().contains("canary"), failure.toString());
  }

  @Test
  void withoutAnEndpointTheHubIsWhereItIs() {
    environment.put("HF_ENDPOINT", " ");
    try (Hub hub = hub()) {
      assertEquals("https://huggingface.co", hub.endpoint());
    }
  }

  @Test
  void restrictionsAreTold() {
    answer(
        description(List.of(sibling("x")))
            .with("private", Json.of(true))
            .with("disabled", Json.of(true))
            .with("gated", "manual")
            .compact());
    assertEquals(
        Set.of(Restriction.PRIVATE, Restriction.DISABLED, Restriction.GATED),
        snapshot(model("main")).restrictions());
  }

  @Test
  void whatTheDescriptionLeavesOutIsLookedUpInTheTreeOfItsCommit() {
    answer(
        description(
                List.of(
                    Json.object().with("rfilename", "b/model.bin"),
                    sibling("a.txt").with("lfs", new JsonNull())))
            .compact());
    JsonObject lfs = Json.object().with("oid", SHA256).with("size", 9).with("pointerSize", 134);
    JsonObject folder = Json.object().with("type", "directory").with("oid", BLOB).with("path", "b");
    JsonObject large = entry("b/model.bin").with("size", 9).with("lfs", lfs);
    String next =
        "<https://huggingface.co/api/models/org/name/tree/x?recursive=true&cursor=Zm9v%3D>";
    server.enqueue(
        new MockResponse.Builder()
            .addHeader("Link", next + "; rel=\"next\"")
            .addHeader("X-Repo-Commit", COMMIT)
            .body(Json.array(List.of(folder, large)).compact())
            .build());
    answer(page("a.txt"));
    Snapshot snapshot = snapshot(model("main"));
    assertEquals(
        List.of(
            new HubFile("a.txt", 7, BLOB, Optional.empty()),
            new HubFile("b/model.bin", 9, BLOB, Optional.of(Digest.sha256(SHA256)))),
        snapshot.files());
    assertEquals("/api/models/org/name/revision/main?blobs=true", target());
    String tree = "/api/models/org/name/tree/" + COMMIT;
    assertEquals(tree + "?recursive=true&expand=false", target());
    assertEquals(tree + "?recursive=true&cursor=Zm9v%3D", target());
  }

  @Test
  void aDescriptionWithoutFilesIsNoRepositoryWithoutFiles() {
    answer(Json.object().with("sha", COMMIT).compact());
    answer(page("x"));
    assertEquals("x", snapshot(model("main")).files().get(0).path());
  }

  @Test
  void aRepositoryMayHaveNoFiles() {
    answer(description(List.of()).compact());
    assertEquals(List.of(), snapshot(model("main")).files());
  }

  @Test
  void pagesThatLeadInACircleEnd() {
    answer(Json.object().with("sha", COMMIT).compact());
    for (int i = 0; i < 3; i++) {
      server.enqueue(
          new MockResponse.Builder()
              .addHeader("Link", "<http://x/y?cursor=1>; rel=\"next\"")
              .body(page("file" + i))
              .build());
    }
    HubException failure = fails("main");
    assertEquals(FailureKind.UNAVAILABLE, failure.kind());
    assertTrue(failure.toString().contains("without end"), failure.toString());
  }

  @Test
  void anAnswerAboutAnotherCommitThanTheOneAskedForIsRefused() {
    answer(description(List.of(sibling("x"))).compact());
    HubException failure = fails(OTHER);
    assertEquals(FailureKind.INTEGRITY, failure.kind());
    assertTrue(failure.toString().contains(COMMIT) && failure.toString().contains(OTHER));
  }

  @Test
  void aPageAboutAnotherCommitThanTheFirstAnswerIsRefused() {
    answer(Json.object().with("sha", COMMIT).compact());
    server.enqueue(
        new MockResponse.Builder().addHeader("X-Repo-Commit", OTHER).body(page("x")).build());
    HubException failure = fails("main");
    assertEquals(FailureKind.INTEGRITY, failure.kind());
    assertTrue(failure.toString().contains("changed between two answers"), failure.toString());
  }

  @Test
  void aFileThatIsGoneFromTheSecondAnswerIsSaid() {
    answer(description(List.of(Json.object().with("rfilename", "gone"))).compact());
    answer(page("x"));
    HubException failure = fails("main");
    assertEquals(FailureKind.INTEGRITY, failure.kind());
    assertTrue(failure.toString().contains("changed between two answers"), failure.toString());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../x",
        "a/../x",
        "..",
        "/etc/passwd",
        "a//b",
        "a/",
        "",
        "./a",
        "a\\b",
        "a\u001b[2Jb",
        "a\nb",
        "a\u202eb",
        "a\ud800b",
        ".modelbake/x"
      })
  void aHostilePathIsRefusedAndNamedPrintably(String path) {
    answer(description(List.of(sibling("fine"), sibling(path))).compact());
    HubException failure = fails("main");
    assertEquals(FailureKind.REFUSED, failure.kind());
    String text = failure.toString();
    assertTrue(text.chars().allMatch(c -> c >= 0x20 && c != 0x202e && c != 0xd800), text);
    String printable = path.replaceAll("[\\x00-\\x1f\u202e\ud800].*", "");
    assertTrue(text.contains("\"" + printable), text);
  }

  @Test
  void pathsThatCannotStandBesideEachOtherAreRefused() {
    for (List<String> paths :
        List.of(List.of("a", "a"), List.of("a", "a/b/c"), List.of("a/b/c", "a/b"))) {
      answer(description(paths.stream().map(HubTest::sibling).toList()).compact());
      HubException failure = fails("main");
      assertEquals(FailureKind.REFUSED, failure.kind());
      assertTrue(failure.toString().contains("\"" + paths.get(1) + "\""), failure.toString());
    }
  }

  @Test
  void namesLongerThanFileSystemsTakeAreRefused() {
    for (String path : List.of("ä".repeat(128), "abc/".repeat(1024) + "x")) {
      answer(description(List.of(sibling(path))).compact());
      assertEquals(FailureKind.REFUSED, fails("main").kind());
    }
    answer(description(List.of(sibling("a".repeat(255)))).compact());
    assertEquals(1, snapshot(model("main")).files().size());
  }

  @Test
  void fiftyThousandFilesAreAList() {
    List<JsonObject> siblings = new ArrayList<>();
    for (int i = 0; i < 50_000; i++) {
      siblings.add(lfsSibling("data/%03d/part-%05d.safetensors".formatted(i % 500, i)));
    }
    Collections.shuffle(siblings, new Random(7));
    answer(description(siblings).compact());
    List<HubFile> files = snapshot(model("main")).files();
    assertEquals(50_000, files.size());
    assertEquals("data/000/part-00000.safetensors", files.get(0).path());
    assertEquals("data/499/part-49999.safetensors", files.get(49_999).path());
  }

  @Test
  void fiftyThousandFilesMayComeInPages() {
    answer(Json.object().with("sha", COMMIT).compact());
    for (int page = 0; page < 50; page++) {
      List<JsonObject> entries = new ArrayList<>();
      for (int i = 0; i < 1000; i++) {
        entries.add(entry("data/part-%02d-%03d".formatted(page, i)));
      }
      MockResponse.Builder response =
          new MockResponse.Builder().body(Json.array(entries).compact());
      if (page < 49) {
        response.addHeader("Link", "</next?cursor=%d>; rel=\"next\"".formatted(page + 1));
      }
      server.enqueue(response.build());
    }
    assertEquals(50_000, snapshot(model("main")).files().size());
    assertEquals(51, server.getRequestCount());
  }

  @Test
  void aListBeyondAllBoundsIsRefused() {
    JsonObject sibling = sibling("x");
    String filler = " ".repeat(1 << 20);
    StringBuilder body = new StringBuilder(description(List.of(sibling)).compact());
    for (int i = 0; i < 64; i++) {
      body.append(filler);
    }
    answer(body.toString());
    HubException failure = fails("main");
    assertEquals(FailureKind.REFUSED, failure.kind());
    assertTrue(failure.toString().contains("more than 67108864 bytes"), failure.toString());
  }

  @ParameterizedTest
  @CsvSource({
    "401, X-Error-Code: RepoNotFound, UNAVAILABLE, there is no repository",
    "404, X-Error-Code: RepoNotFound, UNAVAILABLE, there is no repository",
    "404, X-Error-Code: RevisionNotFound, UNAVAILABLE, no such revision",
    "404, X-Error-Code: EntryNotFound, UNAVAILABLE, no such file",
    "403, X-Error-Code: GatedRepo, AUTHENTICATION, accept the licence at",
    "401, X-Error-Code: GatedRepo, AUTHENTICATION, accept the licence at",
    "403, X-Error-Code: DisabledRepo, UNAVAILABLE, has disabled",
    "403, X-Error-Message: Access to this resource is disabled., UNAVAILABLE, has disabled",
    "401, X-Nothing: x, AUTHENTICATION, either there is no"
  })
  void theHubsOwnCodeDecidesAndThePageIsNamed(
      int status, String header, FailureKind kind, String text) {
    answer(status, header);
    HubException failure = fails("main");
    assertEquals(kind, failure.kind(), failure.toString());
    assertTrue(failure.toString().contains(text), failure.toString());
    String page = "http://127.0.0.1:" + server.getPort() + "/org/name";
    assertTrue(failure.toString().contains(page), failure.toString());
    assertFalse(failure.toString().contains("/api/"), failure.toString());
    assertEquals(1, server.getRequestCount());
  }

  @Test
  void aPlain404SaysWhatToCheck() {
    answer(404);
    HubException failure = fails("main");
    assertEquals(FailureKind.UNAVAILABLE, failure.kind());
    assertTrue(failure.explanation().happened().contains("HTTP 404"), failure.toString());
    assertTrue(failure.explanation().remedy().contains("revision"), failure.toString());
  }

  @Test
  void whoAsksForPatienceGetsIt() {
    answer(429, "Retry-After: 7");
    answer(503);
    answer(description(List.of(sibling("x"))).compact());
    assertEquals(COMMIT, snapshot(model("main")).commit());
    assertEquals(List.of(Duration.ofSeconds(7), Duration.ofSeconds(2)), time.pauses());
    assertEquals(2, events.size());
    assertTrue(events.toString().contains("HTTP 429"), events.toString());
  }

  @Test
  void patienceEnds() {
    for (int i = 0; i < 8; i++) {
      answer(429, "Retry-After: 1");
    }
    HubException failure = fails("main");
    assertEquals(FailureKind.TEMPORARY, failure.kind());
    assertTrue(failure.toString().contains("429"), failure.toString());
    assertTrue(failure.toString().contains("8 attempts"), failure.toString());
    assertEquals(7, time.pauses().size());
  }

  @Test
  void whoAsksForTooMuchPatienceGetsNone() {
    answer(429, "Retry-After: 3600");
    HubException failure = fails("main");
    assertEquals(FailureKind.TEMPORARY, failure.kind());
    assertEquals(List.of(), time.pauses());
  }

  @Test
  void anAnswerThatIsCutIsAskedForAgain() {
    server.enqueue(
        new MockResponse.Builder()
            .body(description(List.of(sibling("x"))).compact())
            .onResponseBody(SocketEffect.ShutdownConnection.INSTANCE)
            .build());
    answer(description(List.of(sibling("x"))).compact());
    assertEquals(COMMIT, snapshot(model("main")).commit());
    assertEquals(1, time.pauses().size());
  }

  @Test
  void aLoginPageIsNamedAndAsTheAnswerToAQueryNotQuoted() {
    answer("<!DOCTYPE html><html><head><title>Guest \u001b[31mWiFi</title></head></html>");
    HubException failure = fails("main");
    assertEquals(FailureKind.UNAVAILABLE, failure.kind());
    String text = failure.toString();
    assertTrue(text.contains("an HTML page"), text);
    assertFalse(text.contains("Guest"), text);
    assertTrue(text.contains("proxy"), text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "[]",
        "null",
        "{\"sha\": \"0123456789abcdef0123456789abcdef01234567\"} x",
        "{\"siblings\": []}",
        "{\"sha\": 5, \"siblings\": []}",
        "{\"sha\": \"main\", \"siblings\": []}",
        "{\"sha\": \"0123456789abcdef0123456789abcdef01234567\", \"siblings\": [5]}",
        "{\"sha\": \"0123456789abcdef0123456789abcdef01234567\", \"siblings\": [{}]}",
        "{\"sha\": \"0123456789abcdef0123456789abcdef01234567\", \"siblings\":"
            + " [{\"rfilename\": \"x\", \"size\": -1,"
            + " \"blobId\": \"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\"}]}",
        "{\"sha\": \"0123456789abcdef0123456789abcdef01234567\", \"siblings\":"
            + " [{\"rfilename\": \"x\", \"size\": 1, \"blobId\": \"../../etc/passwd\"}]}",
        "{\"sha\": \"0123456789abcdef0123456789abcdef01234567\", \"siblings\":"
            + " [{\"rfilename\": \"x\", \"size\": 1, \"lfs\": {\"sha256\": \"../x\"}}]}",
        "{\"sha\": \"0123456789abcdef0123456789abcdef01234567\", \"siblings\":"
            + " [{\"rfilename\": \"x\", \"size\": 1, \"lfs\": {\"sha256\": \"x\", \"size\": 2}}]}",
        "{\"sha\": \"0123456789abcdef0123456789abcdef01234567\", \"siblings\":"
            + " [{\"rfilename\": \"x\"}, {\"rfil"
      })
  void anAnswerThatIsNotTheHubsIsSaid(String body) {
    answer(body);
    HubException failure = fails("main");
    assertEquals(FailureKind.UNAVAILABLE, failure.kind());
    assertTrue(failure.toString().contains("HF_ENDPOINT"), failure.toString());
    assertEquals(1, server.getRequestCount());
  }

  @Test
  void aTreeThatIsNoneIsSaid() {
    for (String body : List.of("{}", "[5]", "[{\"type\": \"commit\"}]", "[{\"type\": \"file\"}]")) {
      answer(Json.object().with("sha", COMMIT).compact());
      answer(body);
      assertEquals(FailureKind.UNAVAILABLE, fails("main").kind(), body);
    }
    answer(Json.object().with("sha", COMMIT).compact());
    answer("[{\"type\": \"file\", \"path\": \"x\"}]");
    assertTrue(fails("main").toString().contains("leaves out sizes or digests"));
  }

  @Test
  void theTokenGoesToTheEndpointAndNeitherIntoMessagesNorToAnotherPort() throws IOException {
    environment.put("HF_TOKEN", TOKEN);
    try (MockWebServer elsewhere = new MockWebServer()) {
      elsewhere.start();
      answer(307, "Location: http://127.0.0.1:" + elsewhere.getPort() + "/api/models/org/name");
      elsewhere.enqueue(
          new MockResponse.Builder().body("<html><title>" + TOKEN + "</title>").build());
      HubException failure = fails("main");
      assertFalse(failure.toString().contains("Bearer"), failure.toString());
      assertEquals("Bearer " + TOKEN, request().getHeaders().get("Authorization"));
      RecordedRequest there = elsewhere.takeRequest();
      assertNull(there.getHeaders().get("Authorization"));
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void aPageThatATokenOpenedIsNotQuoted() {
    environment.put("HF_TOKEN", TOKEN);
    answer("<html><title>private canary</title>");
    String text = fails("main").toString();
    assertTrue(text.contains("an HTML page"), text);
    assertFalse(text.contains("canary"), text);
  }

  @Test
  void theTokenThatALoginLeftBehindIsNotRead() throws IOException {
    Path home = Files.createDirectories(directory.resolve("hf"));
    Files.writeString(home.resolve("token"), TOKEN);
    Path cached = Files.createDirectories(directory.resolve(".cache/huggingface"));
    Files.writeString(cached.resolve("token"), TOKEN);
    environment.put("HF_HOME", home.toString());
    answer(description(List.of(sibling("x"))).compact());
    snapshot(model("main"));
    assertNull(request().getHeaders().get("Authorization"));
  }
}
