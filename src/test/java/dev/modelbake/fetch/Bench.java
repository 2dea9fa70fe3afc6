package dev.modelbake.fetch;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.modelbake.model.BakeEvent;
import dev.modelbake.model.Candidate;
import dev.modelbake.model.Descriptor;
import dev.modelbake.model.Digest;
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
import dev.modelbake.testing.ManualTime;
import dev.modelbake.testing.RawServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;

/** One model, planned from given URLs and fetched with time that a test moves. */
final class Bench {
  static final byte[] MODEL = new byte[200_000];

  static {
    new Random(1).nextBytes(MODEL);
  }

  final ManualTime time = new ManualTime();
  final List<BakeEvent> events = new CopyOnWriteArrayList<>();
  final BlobStore staging;
  private final Path directory;

  Bench(Path directory) {
    this.directory = directory;
    try {
      staging = BlobStore.staging(Files.createTempDirectory(directory, "staging"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Settings that see nothing of this machine. */
  FetchSettings settings(String... environment) {
    Map<String, String> map =
        environment.length == 0 ? Map.of() : Map.of(environment[0], environment[1]);
    return FetchSettings.defaults(map)
        .withHome(directory)
        .withSecrets(directory.resolve("no-secrets"));
  }

  static Digest sha256(byte[] bytes) {
    try {
      return Digest.sha256(
          HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes)));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  /** The model with its size. */
  static PlannedFile model(String... urls) {
    return planned(Descriptor.of(sha256(MODEL), MODEL.length), urls);
  }

  /** The model without its size. */
  static PlannedFile unsized(String... urls) {
    return planned(new Descriptor(sha256(MODEL), OptionalLong.empty(), List.of()), urls);
  }

  static PlannedFile planned(Descriptor pin, String... urls) {
    List<Candidate> candidates =
        Arrays.stream(urls)
            .map(
                url ->
                    new Candidate(
                        SourceUrl.parse(url), Candidate.Role.ORIGIN, Candidate.Form.DOWNLOAD))
            .toList();
    return planned(pin, candidates, new Unpacking.None());
  }

  static PlannedFile planned(Descriptor pin, List<Candidate> candidates, Unpacking unpacking) {
    return new PlannedFile(
        "m/a.onnx",
        "m",
        Location.of("models.yaml"),
        Optional.of(pin),
        new Origin.Download(candidates),
        unpacking,
        new Target.Resolved(
            Path.of("/opt/a"), new Owner(0, 0), FileMode.parse("0644"), FileMode.parse("0755")),
        PlannedFile.State.ABSENT);
  }

  /** Sends bytes until the client has told of some: then it has read the head of the answer. */
  void awaitReception(RawServer.Connection connection) throws IOException, InterruptedException {
    while (events.stream().noneMatch(BakeEvent.Received.class::isInstance)) {
      connection.send("x");
      time.pass(Duration.ofMillis(20));
      Thread.sleep(5);
    }
  }

  /** Lets a minute pass again and again for as long as the client stays. */
  void outwait(RawServer.Connection connection) throws IOException {
    connection.socket().setSoTimeout(20);
    while (true) {
      time.pass(Duration.ofMinutes(1));
      try {
        if (connection.socket().getInputStream().read() < 0) {
          return;
        }
      } catch (SocketTimeoutException e) {
        Thread.onSpinWait();
      }
    }
  }

  Fetcher fetcher(FetchSettings settings) {
    return new Fetcher(settings, events::add, time, () -> 0.5);
  }

  Fetched fetch(FetchSettings settings, PlannedFile file) {
    try (Fetcher fetcher = fetcher(settings)) {
      return fetcher.fetch(file, staging);
    }
  }

  FetchException fails(FetchSettings settings, PlannedFile file) {
    return assertThrows(FetchException.class, () -> fetch(settings, file));
  }

  FetchException fails(PlannedFile file) {
    return fails(settings(), file);
  }

  /** Everything that was said: events, failures, messages of causes. */
  String said(Throwable failure) {
    StringBuilder all = new StringBuilder(events.toString());
    for (Throwable t = failure; t != null; t = t.getCause()) {
      all.append(t).append('\n');
    }
    if (failure instanceof FetchException e) {
      all.append(e.failures());
    }
    return all.toString();
  }

  static void assertRight(Fetched fetched) {
    try {
      assertArrayEquals(MODEL, Files.readAllBytes(fetched.blob().path()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static String head(int status, String... headers) {
    return "HTTP/1.1 " + status + " x\r\n" + String.join("\r\n", headers) + "\r\n\r\n";
  }

  static String length(long length) {
    return "Content-Length: " + length;
  }
}
