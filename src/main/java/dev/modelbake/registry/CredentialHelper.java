package dev.modelbake.registry;

import dev.modelbake.json.JsonBounds;
import dev.modelbake.json.JsonException;
import dev.modelbake.json.JsonObject;
import dev.modelbake.json.JsonReader;
import dev.modelbake.model.CredentialException;
import dev.modelbake.model.InterruptedBakeException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Runs {@code docker-credential-SUFFIX get}, which reads a host and prints JSON. */
final class CredentialHelper {
  private static final Pattern SUFFIX = Pattern.compile("[A-Za-z0-9_-]{1,64}");
  private static final JsonBounds BOUNDS = new JsonBounds(64 << 10, 5);
  private static final long MOST_SECONDS = 30;

  /** What helpers print when they know no account, and fail (docker-credential-helpers). */
  private static final String NOT_FOUND = "credentials not found";

  private final String file;
  private final String suffix;

  /**
   * A helper.
   *
   * @param file the configuration that names it
   * @throws CredentialException if its name could be another program's
   */
  CredentialHelper(String file, String suffix) {
    this.file = file;
    this.suffix = suffix;
    if (!SUFFIX.matcher(suffix).matches()) {
      throw wrong("it names a credential helper with characters that no helper has", null);
    }
  }

  /** The account for a host; empty when the helper has none. */
  Optional<Account> get(String host) {
    try {
      return run(host);
    } catch (IOException e) {
      throw wrong("docker-credential-%s cannot be run".formatted(suffix), e);
    }
  }

  /** A pipe, not a file: a run that is killed leaves the secret nowhere. */
  private Optional<Account> run(String host) throws IOException {
    Process process =
        new ProcessBuilder("docker-credential-" + suffix, "get")
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    try {
      try (var in = process.getOutputStream()) {
        in.write((host + "\n").getBytes(StandardCharsets.UTF_8));
      } catch (IOException e) {
        // One that does not read has its answer all the same.
      }
      // Waits first: a read could not be interrupted, and an answer fits into the pipe.
      if (!process.waitFor(MOST_SECONDS, TimeUnit.SECONDS)) {
        throw wrong("docker-credential-%s gave no answer".formatted(suffix), null);
      }
      byte[] answer = process.getInputStream().readNBytes(BOUNDS.bytes() + 1);
      if (process.exitValue() == 0) {
        return parse(answer);
      }
      if (new String(answer, StandardCharsets.UTF_8).contains(NOT_FOUND)) {
        return Optional.empty();
      }
      throw wrong(
          "docker-credential-%s ended with %d".formatted(suffix, process.exitValue()), null);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedBakeException("asking a credential helper");
    } finally {
      process.destroyForcibly();
    }
  }

  /** The account in a helper's answer. */
  Optional<Account> parse(byte[] answer) {
    try {
      if (JsonReader.read(answer, BOUNDS) instanceof JsonObject json) {
        Optional<String> secret = json.string("Secret").filter(text -> !text.isEmpty());
        String user = json.string("Username").orElse("");
        return secret.map(text -> new Account(user, text));
      }
      return Optional.empty();
    } catch (JsonException e) {
      throw wrong("docker-credential-%s answered something else than JSON".formatted(suffix), null);
    }
  }

  private CredentialException wrong(String what, @Nullable Throwable cause) {
    return new CredentialException(
        file, what, "install the helper, or log in without one (skopeo login)", cause);
  }
}
