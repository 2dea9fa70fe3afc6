package dev.modelbake.http;

import dev.modelbake.model.CredentialException;
import dev.modelbake.model.EnvironmentException;
import dev.modelbake.model.HubEndpoint;
import dev.modelbake.model.SourceUrl;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The headers with secrets, each bound to one origin (netrc: to one host) and never for plain http
 * but on loopback.
 */
final class Credentials {
  private final List<HeadersFile.Line> headers;
  private final List<Netrc> netrcs;
  private final SourceUrl hub;
  private final Optional<String> hubToken;

  private Credentials(
      List<HeadersFile.Line> headers,
      List<Netrc> netrcs,
      SourceUrl hub,
      Optional<String> hubToken) {
    this.headers = headers;
    this.netrcs = netrcs;
    this.hub = hub;
    this.hubToken = hubToken;
  }

  /**
   * Reads what the environment, the home and the secrets directory hold.
   *
   * @throws CredentialException if a file exists and cannot be used
   * @throws EnvironmentException if a token is empty or spans lines
   */
  static Credentials load(HttpSettings settings) {
    Map<String, String> environment = settings.environment();
    Places places = settings.places();
    return new Credentials(
        headers(places),
        netrcs(environment, places),
        SourceUrl.parse(HubEndpoint.of(environment)),
        token(environment, places));
  }

  /** The headers for a URL, by name; the file with headers wins over tokens, these over netrc. */
  Map<String, String> headersFor(SourceUrl url) {
    boolean safe = url.scheme().equals("https") || Hosts.isLoopback(url.uri().getHost());
    if (!safe) {
      return Map.of();
    }
    Map<String, String> found = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    for (HeadersFile.Line line : headers) {
      if (line.origin().equals(url.origin())) {
        found.putIfAbsent(line.name(), line.value());
      }
    }
    if (isHub(url)) {
      hubToken.ifPresent(token -> found.putIfAbsent("Authorization", "Bearer " + token));
    }
    for (Netrc netrc : netrcs) {
      netrc
          .authorization(url.uri().getHost())
          .ifPresent(value -> found.putIfAbsent("Authorization", value));
    }
    return new LinkedHashMap<>(found);
  }

  /** Whether a URL belongs to the Hugging Face endpoint, whose answers have their own codes. */
  boolean isHub(SourceUrl url) {
    return hub.origin().equals(url.origin());
  }

  private static List<HeadersFile.Line> headers(Places places) {
    List<HeadersFile.Line> lines = new ArrayList<>();
    places
        .headersFile()
        .ifPresent(
            file ->
                lines.addAll(
                    HeadersFile.parse(
                        SecretFile.readNamed(file)
                            .orElseThrow(
                                () ->
                                    new CredentialException(
                                        file.toString(),
                                        "there is no such file",
                                        "check --headers-file",
                                        null)),
                        file.toString())));
    Path secret = places.secrets().resolve("modelbake_headers");
    SecretFile.read(secret)
        .ifPresent(text -> lines.addAll(HeadersFile.parse(text, secret.toString())));
    return lines;
  }

  private static List<Netrc> netrcs(Map<String, String> environment, Places places) {
    List<Netrc> netrcs = new ArrayList<>();
    String named = environment.getOrDefault("NETRC", "");
    if (named.isBlank()) {
      places
          .home()
          .map(home -> home.resolve(".netrc"))
          .ifPresent(file -> add(file, SecretFile.read(file), netrcs));
    } else {
      add(Path.of(named), SecretFile.readNamed(Path.of(named)), netrcs);
    }
    Path secret = places.secrets().resolve("netrc");
    add(secret, SecretFile.read(secret), netrcs);
    return netrcs;
  }

  private static void add(Path file, Optional<String> text, List<Netrc> to) {
    text.ifPresent(some -> to.add(Netrc.parse(some, file.toString())));
  }

  /** A variable that is empty counts as unset, as an unset build argument is; a file does not. */
  private static Optional<String> token(Map<String, String> environment, Places places) {
    String direct = environment.getOrDefault("HF_TOKEN", "");
    if (!direct.isBlank()) {
      return Optional.of(clean(direct, "HF_TOKEN"));
    }
    String named = environment.getOrDefault("HF_TOKEN_PATH", "");
    Optional<String> there =
        named.isBlank() ? Optional.empty() : SecretFile.readNamed(Path.of(named));
    if (there.isPresent()) {
      return there.map(text -> clean(text, named));
    }
    Path secret = places.secrets().resolve("hf_token");
    return SecretFile.read(secret).map(text -> clean(text, secret.toString()));
  }

  private static String clean(String token, String source) {
    String clean = token.strip();
    if (clean.isEmpty()) {
      throw new EnvironmentException(source, "the token is empty", "put the token in it", null);
    }
    if (!clean.chars().allMatch(c -> c > 0x20 && c < 0x7f)) {
      throw new EnvironmentException(
          source,
          "the token has a line break, a blank or another character that no token has",
          "put nothing but the token in it",
          null);
    }
    return clean;
  }
}
