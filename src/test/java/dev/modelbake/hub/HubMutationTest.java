package dev.modelbake.hub;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.modelbake.fetch.FetchSettings;
import dev.modelbake.json.JsonBounds;
import dev.modelbake.json.JsonException;
import dev.modelbake.json.JsonReader;
import dev.modelbake.model.HubException;
import dev.modelbake.model.HubRepository;
import dev.modelbake.model.HubRepository.Kind;
import dev.modelbake.model.Location;
import dev.modelbake.model.Text;
import dev.modelbake.testing.ManualTime;
import dev.modelbake.testing.Mutants;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import okio.Buffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Answers of a hub that lies, or of something else in its place. */
class HubMutationTest {
  private static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";
  private static final String DESCRIPTION =
      """
      {"id": "org/name", "sha": "%s", "private": false, "gated": "auto", "siblings": [
        {"rfilename": "config.json", "size": 7, "blobId": "%s"},
        {"rfilename": "d/model.bin", "size": 9, "blobId": "%s",
         "lfs": {"sha256": "%s", "size": 9, "pointerSize": 134}}]}
      """
          .formatted(COMMIT, "a".repeat(40), "b".repeat(40), "c".repeat(64));
  private static final String WORDS =
      "\"rfilename\": |../|\"size\": -1|\"lfs\": {}|\"siblings\": [|null|\\ud800|\\u0000|//";

  @TempDir Path directory;

  /** Gives every request the same answer, with the same link to a next page. */
  private static final class Liar extends Dispatcher {
    final AtomicReference<byte[]> body = new AtomicReference<>(new byte[0]);
    final AtomicReference<String> link = new AtomicReference<>("");

    @Override
    public MockResponse dispatch(RecordedRequest request) {
      MockResponse.Builder response = new MockResponse.Builder();
      response.body(new Buffer().write(body.get()));
      if (!link.get().isEmpty()) {
        response.addHeaderLenient("Link", link.get());
      }
      return response.build();
    }
  }

  private void ask(Hub hub) {
    HubRepository repository =
        new HubRepository(
            Kind.MODEL, "org/name", new Text(COMMIT, Location.of("models.yaml")), Optional.empty());
    try {
      for (HubFile file : hub.snapshot(repository).files()) {
        requireInside(file);
      }
    } catch (HubException e) {
      e.explanation();
    }
  }

  private static void requireInside(HubFile file) {
    Path path = Path.of(file.path());
    assertEquals(path, path.normalize());
    assertTrue(!path.isAbsolute() && !path.startsWith("..") && file.size() >= 0, file::toString);
  }

  private Hub hub(MockWebServer server) {
    FetchSettings settings =
        FetchSettings.defaults(Map.of("HF_ENDPOINT", "http://127.0.0.1:" + server.getPort() + "/"))
            .withHome(directory)
            .withSecrets(directory.resolve("no-secrets"));
    return new Hub(settings.http(), event -> {}, new ManualTime(), () -> 0.5);
  }

  @Test
  void noMutationOfAnAnswerBreaksTheInquiry() throws IOException {
    Liar liar = new Liar();
    try (MockWebServer server = new MockWebServer()) {
      server.setDispatcher(liar);
      server.start();
      try (Hub hub = hub(server)) {
        Mutants.of(DESCRIPTION)
            .with(WORDS.split("\\|", -1))
            .read(
                40,
                bytes -> {
                  liar.body.set(bytes);
                  ask(hub);
                });
      }
    }
  }

  @Test
  void noMutationOfAListBreaksItsReader() {
    String siblings = DESCRIPTION.substring(DESCRIPTION.indexOf('['));
    String list = siblings.substring(0, siblings.lastIndexOf(']') + 1);
    Mutants.of(
            list,
            list.replace("rfilename", "path")
                .replace("{\"path", "{\"type\":\"file\",\"oid\":\"" + "a".repeat(40) + "\",\"path"))
        .with(WORDS.split("\\|", -1))
        .read(1500, HubMutationTest::list);
  }

  private static void list(byte[] bytes) {
    HubRepository repository =
        new HubRepository(
            Kind.MODEL, "org/name", new Text("main", Location.of("models.yaml")), Optional.empty());
    Failures failures = new Failures("https://hub.example", repository);
    for (boolean tree : new boolean[] {true, false}) {
      Listing listing = new Listing(failures);
      try {
        byte[] wrapped = ("{\"siblings\":" + new String(bytes, UTF_8) + "}").getBytes(UTF_8);
        JsonReader.read(
            wrapped,
            new JsonBounds(1 << 20, 64),
            "siblings",
            tree ? listing::takeEntry : listing::takeSibling);
        listing.files().forEach(HubMutationTest::requireInside);
      } catch (JsonException | HubException e) {
        assertNotNull(e.getMessage());
      }
    }
  }

  @Test
  void noLinkToANextPageHoldsUpTheReader() throws IOException {
    Liar liar = new Liar();
    liar.body.set(("{\"sha\": \"" + COMMIT + "\"}").getBytes(UTF_8));
    try (MockWebServer server = new MockWebServer()) {
      server.setDispatcher(liar);
      server.start();
      try (Hub hub = hub(server)) {
        for (String link :
            new String[] {
              "<?" + "a".repeat(200_000),
              "<?".repeat(100_000),
              "<?a>".repeat(50_000),
              "<?a>;".repeat(40_000) + "rel",
              "<?a>" + " ".repeat(200_000) + ";"
            }) {
          liar.link.set(link);
          ask(hub);
        }
      }
    }
  }
}
