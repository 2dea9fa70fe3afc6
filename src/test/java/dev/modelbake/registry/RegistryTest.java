package dev.modelbake.registry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import dev.modelbake.http.HttpClient;
import dev.modelbake.http.HttpSettings;
import dev.modelbake.http.Limits;
import dev.modelbake.http.Places;
import dev.modelbake.model.BakeListener;
import dev.modelbake.model.Descriptor;
import dev.modelbake.model.Digest;
import dev.modelbake.model.DigestMismatchException;
import dev.modelbake.model.FailureKind;
import dev.modelbake.model.HostRules;
import dev.modelbake.model.RegistryException;
import dev.modelbake.oci.Artifact;
import dev.modelbake.oci.OciDocument;
import dev.modelbake.oci.Repository;
import dev.modelbake.testing.FakeRegistry;
import dev.modelbake.testing.FaultCase;
import dev.modelbake.testing.ManualTime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RegistryTest {
  private static final byte[] BYTES = "some weights".getBytes(UTF_8);
  private static final Descriptor CONTENT = Descriptor.of(Digest.ofBytes(BYTES), BYTES.length);

  @TempDir Path directory;

  private FakeRegistry server;
  private final ManualTime time = new ManualTime();
  private HttpClient client;
  private Map<String, Account> accounts = Map.of();

  @BeforeEach
  void start() throws IOException {
    server = new FakeRegistry();
  }

  @AfterEach
  void end() {
    client.close();
    server.close();
  }

  private Registry registry() {
    Places places =
        new Places(Optional.empty(), directory.resolve("none"), List.of(), Optional.empty());
    HttpSettings http = new HttpSettings(Map.of(), places, Set.of(), HostRules.ANY, Limits.DEFAULT);
    client = new HttpClient(http, time);
    RegistrySettings settings =
        new RegistrySettings(Set.of(), accounts, RegistrySettings.Helpers.IGNORED);
    return new Registries(client, http, settings, time)
        .writing(Repository.parse(server.repository()), List.of(), BakeListener.NONE, () -> 0.5);
  }

  private Path file(byte[] bytes) throws IOException {
    return Files.write(directory.resolve("weights"), bytes);
  }

  private long count(String prefix) {
    return server.requests.stream().filter(request -> request.startsWith(prefix)).count();
  }

  private OciDocument document() {
    return Artifact.ofModel("m", Optional.empty(), List.of()).top();
  }

  @Test
  void aBlobIsUploadedWithOnePostAndOnePut() throws IOException {
    Registry registry = registry();
    assertFalse(registry.has(CONTENT));
    registry.upload(file(BYTES), CONTENT, sent -> {});
    assertArrayEquals(BYTES, server.blobs.get(CONTENT.digest().toString()));
    assertTrue(registry.has(CONTENT));
    assertEquals(1, count("POST"));
    assertEquals(1, count("PUT"));
  }

  @Test
  void aFileWithOtherBytesIsNeverCompletedThere() throws IOException {
    byte[] other = BYTES.clone();
    other[0] ^= 1;
    Path file = file(other);
    DigestMismatchException failure =
        assertThrows(
            DigestMismatchException.class, () -> registry().upload(file, CONTENT, sent -> {}));
    assertEquals(Digest.ofBytes(other), failure.actual());
    assertEquals(Map.of(), server.blobs);
    assertEquals(1, count("POST"), "it is not tried again");
  }

  @Test
  void aFileThatShrankOrGrewIsToldAsSuch() throws IOException {
    Registry registry = registry();
    for (String text : List.of("some", "some weights and more")) {
      Path file = file(text.getBytes(UTF_8));
      assertThrows(DigestMismatchException.class, () -> registry.upload(file, CONTENT, sent -> {}));
    }
    assertEquals(Map.of(), server.blobs);
  }

  @Test
  void aBrokenUploadIsBegunAnew() throws IOException {
    AtomicInteger puts = new AtomicInteger();
    server.fault(
        (exchange, request) -> {
          if (request.startsWith("PUT /up/") && puts.incrementAndGet() < 3) {
            exchange.close();
            return true;
          }
          return false;
        });
    registry().upload(file(BYTES), CONTENT, sent -> {});
    assertEquals(3, count("POST"));
    assertArrayEquals(BYTES, server.blobs.get(CONTENT.digest().toString()));
    assertEquals(2, time.pauses().size());
  }

  @Test
  void aRegistryThatStaysDownIsTemporary() throws IOException {
    server.fault(
        (exchange, request) -> {
          FakeRegistry.refuse(exchange, 503, "UNAVAILABLE", "back soon");
          return true;
        });
    Path file = file(BYTES);
    RegistryException failure =
        assertThrows(RegistryException.class, () -> registry().upload(file, CONTENT, s -> {}));
    assertEquals(FailureKind.TEMPORARY, failure.kind());
    assertEquals(5, count("POST"));
  }

  @ParameterizedTest
  @CsvSource({
    "401, UNAUTHORIZED, who are you, AUTHENTICATION, log in",
    "403, DENIED, no push, AUTHENTICATION, right to push",
    "403, DENIED, project quota exceeded, IO, quota",
    "404, NAME_UNKNOWN, no such project, UNAVAILABLE, create the project",
    "412, DENIED, tag is immutable, UNAVAILABLE, cannot be changed",
    "413, '', '', REFUSED, limits the size"
  })
  void arefusalNamesTheRegistrysOwnWordsAndTheLikelyCause(
      int status, String code, String message, FailureKind kind, String remedy) throws IOException {
    server.fault(
        (exchange, request) -> {
          FakeRegistry.refuse(exchange, status, code, message);
          return true;
        });
    Path file = file(BYTES);
    RegistryException failure =
        assertThrows(RegistryException.class, () -> registry().upload(file, CONTENT, s -> {}));
    assertEquals(kind, failure.kind());
    assertEquals(status, failure.status());
    assertTrue(failure.explanation().happened().contains(message), failure.getMessage());
    assertTrue(failure.explanation().remedy().contains(remedy), failure.getMessage());
  }

  @Test
  @FaultCase(156)
  void aManifestWithAnotherDigestIsNotBelieved() throws IOException {
    Registry registry = registry();
    String digest = Digest.ofBytes("{}".getBytes(UTF_8)).toString();
    server.manifests.put(digest, "{ }".getBytes(UTF_8));
    assertThrows(DigestMismatchException.class, () -> registry.manifest(digest));
    assertEquals(Optional.empty(), registry.manifest("absent"));
  }

  @Test
  void aManifestKeepsItsBytes() {
    Registry registry = registry();
    registry.put("tag", document());
    assertTrue(registry.has("tag", document()));
    assertArrayEquals(document().bytes(), server.manifests.get("tag"));
  }

  @Test
  void aPlaceInAnotherSchemeOrNoPlaceIsRefused() throws IOException {
    Path file = file(BYTES);
    Registry registry = registry();
    for (String location : List.of("", "ftp://127.0.0.1/x", "http://[", "file:///etc/passwd")) {
      server.fault(
          (exchange, request) -> {
            if (!location.isEmpty()) {
              exchange.getResponseHeaders().add("Location", location);
            }
            FakeRegistry.send(exchange, 202, new byte[0]);
            return true;
          });
      RegistryException failure =
          assertThrows(RegistryException.class, () -> registry.upload(file, CONTENT, s -> {}));
      assertEquals(FailureKind.UNAVAILABLE, failure.kind());
    }
  }

  @Test
  void basicIsAnsweredWithTheAccountOfTheHost() throws IOException {
    accounts = Map.of(server.host(), new Account("bob", "canary"));
    String wanted = "Basic " + Base64.getEncoder().encodeToString("bob:canary".getBytes(UTF_8));
    server.fault((exchange, request) -> challenged(exchange, wanted, "Basic realm=\"x\""));
    registry().upload(file(BYTES), CONTENT, sent -> {});
    assertArrayEquals(BYTES, server.blobs.get(CONTENT.digest().toString()));
    assertEquals(2, count("POST"), "the first is challenged, the rest is not");
    assertEquals(1, count("PUT"));
  }

  @Test
  void aTokenThatEndsInTheMiddleIsAskedForAnew() throws IOException {
    accounts = Map.of(server.host(), new Account("bob", "canary"));
    AtomicInteger tokens = new AtomicInteger();
    server.fault(
        (exchange, request) -> {
          if (request.startsWith("GET /token")) {
            String query = exchange.getRequestURI().getRawQuery();
            assertTrue(query.contains("service=reg"), query);
            assertTrue(query.contains("scope=repository%3Amodels%3Apull%2Cpush"), query);
            String json = "{\"token\": \"t%d\"}".formatted(tokens.incrementAndGet());
            FakeRegistry.send(exchange, 200, json.getBytes(UTF_8));
            return true;
          }
          String realm = "Bearer realm=\"http://" + server.host() + "/token\",service=\"reg\"";
          return challenged(exchange, "Bearer t" + tokens.get(), realm);
        });
    Registry registry = registry();
    registry.upload(file(BYTES), CONTENT, sent -> {});
    assertEquals(1, tokens.get());
    time.pass(Duration.ofSeconds(60));
    assertTrue(registry.has(CONTENT));
    assertEquals(2, tokens.get(), "a token lasts 60 s when nobody says otherwise");
    tokens.incrementAndGet(); // the registry takes the token back before its time
    assertTrue(registry.has(CONTENT));
    assertEquals(4, tokens.get());
  }

  @Test
  @FaultCase(154)
  void credentialsGoToNoServerOfTokensInPlainHttp() throws IOException {
    accounts = Map.of(server.host(), new Account("bob", "canary"));
    server.fault(
        (exchange, request) -> {
          exchange
              .getResponseHeaders()
              .add("WWW-Authenticate", "Bearer realm=\"http://192.0.2.1:1/token\"");
          FakeRegistry.refuse(exchange, 401, "UNAUTHORIZED", "");
          return true;
        });
    Registry registry = registry();
    RegistryException failure = assertThrows(RegistryException.class, () -> registry.has(CONTENT));
    assertFalse(failure.getMessage().contains("canary"), failure.getMessage());
  }

  @Test
  void anAnswerWithoutATokenIsAFailureToLogIn() {
    for (String json : List.of("", "[]", "{}", "{\"token\": 7}", "{\"token\": \"a b\"}")) {
      server.fault(
          (exchange, request) -> {
            if (request.startsWith("GET /token")) {
              FakeRegistry.send(exchange, 200, json.getBytes(UTF_8));
              return true;
            }
            String realm = "Bearer realm=\"http://" + server.host() + "/token\"";
            return challenged(exchange, "Bearer none", realm);
          });
      RegistryException failure =
          assertThrows(RegistryException.class, () -> registry().has(CONTENT));
      assertEquals(FailureKind.AUTHENTICATION, failure.kind(), json);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {Long.MAX_VALUE, Long.MIN_VALUE, 0, -1, 1L << 40})
  void whateverATokenSaysThatItLastsItIsUsed(long seconds) {
    time.pass(Duration.ofHours(1));
    server.fault(
        (exchange, request) -> {
          if (request.startsWith("GET /token")) {
            String json = "{\"token\": \"t\", \"expires_in\": %d}".formatted(seconds);
            FakeRegistry.send(exchange, 200, json.getBytes(UTF_8));
            return true;
          }
          String realm = "Bearer realm=\"http://" + server.host() + "/token\"";
          return challenged(exchange, "Bearer t", realm);
        });
    assertFalse(registry().has(CONTENT));
  }

  private static boolean challenged(HttpExchange exchange, String wanted, String challenge)
      throws IOException {
    if (wanted.equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
      return false;
    }
    exchange.getResponseHeaders().add("WWW-Authenticate", challenge);
    FakeRegistry.refuse(exchange, 401, "UNAUTHORIZED", "authentication required");
    return true;
  }
}
