package dev.modelbake.registry;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import dev.modelbake.http.HttpClient;
import dev.modelbake.http.HttpSettings;
import dev.modelbake.http.Limits;
import dev.modelbake.http.Places;
import dev.modelbake.model.BakeListener;
import dev.modelbake.model.CredentialException;
import dev.modelbake.model.Descriptor;
import dev.modelbake.model.Digest;
import dev.modelbake.model.HostRules;
import dev.modelbake.model.RegistryException;
import dev.modelbake.oci.Repository;
import dev.modelbake.testing.FakeRegistry;
import dev.modelbake.testing.ManualTime;
import dev.modelbake.testing.Mutants;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a registry, its server of tokens and a credential helper say, damaged on the way. */
class RegistryAnswersMutationTest {
  private static final int NUMBER = 60;
  private static final byte[] BYTES = "some weights".getBytes(UTF_8);
  private static final Descriptor CONTENT = Descriptor.of(Digest.ofBytes(BYTES), BYTES.length);
  private static final String CANARY = "canary-5f1e";

  @TempDir Path directory;

  private final ManualTime time = new ManualTime();
  private final AtomicInteger asked = new AtomicInteger();
  private FakeRegistry server;
  private HttpClient client;
  private Registries registries;

  @BeforeEach
  void start() throws IOException {
    server = new FakeRegistry();
    time.pass(Duration.ofHours(1));
    Places places =
        new Places(Optional.empty(), directory.resolve("none"), List.of(), Optional.empty());
    HttpSettings http = new HttpSettings(Map.of(), places, Set.of(), HostRules.ANY, Limits.DEFAULT);
    client = new HttpClient(http, time);
    RegistrySettings settings =
        new RegistrySettings(
            Set.of(),
            Map.of(server.host(), new Account("bob", CANARY)),
            RegistrySettings.Helpers.IGNORED);
    registries = new Registries(client, http, settings, time);
  }

  @AfterEach
  void end() {
    client.close();
    server.close();
  }

  /** Asks as somebody who never asked before; a login is kept for each set of scopes. */
  private Registry registry() {
    return registries.writing(
        Repository.parse(server.repository()),
        List.of("other" + asked.incrementAndGet()),
        BakeListener.NONE,
        () -> 0.5);
  }

  private static void isSafe(RegistryException e) {
    String said = e.explanation().toString() + e.getMessage();
    assertFalse(said.contains(CANARY), said);
    assertTrue(said.chars().noneMatch(c -> c < ' '), said);
  }

  @Test
  void noMutationOfATokenBreaksTheLogin() {
    Mutants.of(
            "{\"token\": \"t0\", \"expires_in\": 300, \"issued_at\": \"2026-11-20T12:00Z\"}",
            "{\"access_token\": \"t0\", \"expires_in\": 60, \"refresh_token\": \"r\"}")
        .with("\"token\": ", "\"expires_in\": ", "9223372036854775807", "1e18", CANARY)
        .read(
            NUMBER,
            body -> {
              server.fault((exchange, request) -> loggedIn(exchange, request, body));
              try {
                registry().has(CONTENT);
              } catch (RegistryException e) {
                isSafe(e);
              }
            });
  }

  private boolean loggedIn(HttpExchange exchange, String request, byte[] token) throws IOException {
    if (request.startsWith("GET /token")) {
      FakeRegistry.send(exchange, 200, token);
      return true;
    }
    if ("Bearer t0".equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
      return false;
    }
    exchange
        .getResponseHeaders()
        .add("WWW-Authenticate", "Bearer realm=\"http://" + server.host() + "/token\"");
    FakeRegistry.refuse(exchange, 401, "UNAUTHORIZED", "log in");
    return true;
  }

  @Test
  void noMutationOfAnErrorBreaksItsReader() {
    int[] statuses = {400, 403, 404, 405, 413, 500};
    AtomicInteger turn = new AtomicInteger();
    Mutants.of(
            "{\"errors\": [{\"code\": \"DENIED\", \"message\": \"no\", \"detail\": {}}]}",
            "{\"errors\": [{\"code\": \"A\"}, {\"message\": \"quota\"}]}",
            "<html><title>Bad gateway</title></html>")
        .with("\"errors\": ", "\"code\": ", "\"message\": ", "[{}]")
        .read(
            NUMBER,
            body -> {
              int status = statuses[turn.getAndIncrement() % statuses.length];
              server.fault(
                  (exchange, request) -> {
                    FakeRegistry.send(exchange, status, body);
                    return true;
                  });
              try {
                registry().upload(CONTENT, BYTES);
              } catch (RegistryException e) {
                isSafe(e);
              }
            });
  }

  /** A place on another host would be asked: these all lead to loopback or nowhere. */
  @Test
  void noPlaceForAnUploadBreaksIt() {
    for (String place :
        List.of(
            "/up/1?s=%zz",
            "//[",
            "http://127.0.0.1:99999/",
            "http://127.0.0.1:0/",
            "http://127.0.0.1:-1/x",
            "http:",
            "?",
            "#f",
            "/a#f",
            "..//..",
            "/" + "a".repeat(100_000),
            "http://user@127.0.0.1/",
            "/\u00e9",
            "http://127.0.0.1:1\\@x/")) {
      server.fault((exchange, request) -> placed(exchange, request, place));
      try {
        registry().upload(CONTENT, BYTES);
      } catch (RegistryException e) {
        isSafe(e);
      }
    }
  }

  private static boolean placed(HttpExchange exchange, String request, String place)
      throws IOException {
    if (!request.startsWith("POST blobs/uploads")) {
      return false;
    }
    String raw = new String(place.getBytes(UTF_8), ISO_8859_1);
    exchange.getResponseHeaders().add("Location", raw);
    FakeRegistry.send(exchange, 202, new byte[0]);
    return true;
  }

  /** The same for the server of tokens. */
  @Test
  void noRealmBreaksTheLogin() {
    for (String realm :
        List.of(
            "",
            "/token",
            "file:///etc/passwd",
            "oci://127.0.0.1/x",
            "http:x",
            "http://",
            "http://[",
            "http://127.0.0.1:99999/token",
            "http://127.0.0.1:0/token",
            "http://127.0.0.1:1/token#f",
            "http://127.0.0.1:1/%",
            "http://127.0.0.1:1/" + "a".repeat(15_000),
            "http://u:" + CANARY + "@127.0.0.1:1/")) {
      server.fault(
          (exchange, request) -> {
            exchange.getResponseHeaders().add("WWW-Authenticate", "Bearer realm=\"" + realm + "\"");
            FakeRegistry.refuse(exchange, 401, "UNAUTHORIZED", "log in");
            return true;
          });
      try {
        registry().has(CONTENT);
        throw new AssertionError("logged in at " + realm);
      } catch (RegistryException e) {
        isSafe(e);
      }
    }
  }

  @Test
  void noMutationOfWhatAHelperSaysBreaksItsReaderOrIsQuoted() {
    CredentialHelper helper = new CredentialHelper("config.json", "x");
    Mutants.of(
            "{\"ServerURL\": \"x\", \"Username\": \"bob\", \"Secret\": \"" + CANARY + "\"}",
            "{\"Username\": \"<token>\", \"Secret\": \"" + CANARY + "\"}",
            "credentials not found in native keychain " + CANARY)
        .with("\"Username\": ", "\"Secret\": ", "{}", "[]")
        .read(
            answer -> {
              try {
                helper.parse(answer).ifPresent(account -> assertFalse(account.basic().isEmpty()));
              } catch (CredentialException e) {
                assertFalse(e.toString().contains(CANARY), e::toString);
              }
            });
  }
}
