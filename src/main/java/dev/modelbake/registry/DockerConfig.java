package dev.modelbake.registry;

import dev.modelbake.http.SecretFile;
import dev.modelbake.json.Json;
import dev.modelbake.json.JsonBounds;
import dev.modelbake.json.JsonException;
import dev.modelbake.json.JsonObject;
import dev.modelbake.json.JsonReader;
import dev.modelbake.json.JsonString;
import dev.modelbake.model.CredentialException;
import dev.modelbake.oci.Repository;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A {@code config.json} of Docker or an {@code auth.json} of containers (containers-auth.json(5)).
 *
 * @param file for messages
 * @param helpers program suffixes by host; the one under the empty name is for all others
 */
record DockerConfig(String file, Map<String, Account> accounts, Map<String, String> helpers) {
  private static final JsonBounds BOUNDS = new JsonBounds(1 << 20, 20);

  DockerConfig {
    accounts = Map.copyOf(accounts);
    helpers = Map.copyOf(helpers);
  }

  /**
   * The files that the environment, the home and the secrets directory hold, in order.
   *
   * @throws CredentialException if one exists and cannot be used
   */
  static List<DockerConfig> load(
      Map<String, String> environment, Optional<Path> home, Path secrets) {
    List<DockerConfig> configs = new ArrayList<>();
    Optional<Path> docker = path(environment, "DOCKER_CONFIG");
    path(environment, "REGISTRY_AUTH_FILE")
        .ifPresent(file -> add(file, SecretFile.readNamed(file), configs));
    path(environment, "XDG_RUNTIME_DIR")
        .map(path -> path.resolve("containers/auth.json"))
        .ifPresent(file -> add(file, SecretFile.read(file), configs));
    docker
        .map(path -> path.resolve("config.json"))
        .ifPresent(file -> add(file, SecretFile.readNamed(file), configs));
    home.filter(path -> docker.isEmpty())
        .map(path -> path.resolve(".docker/config.json"))
        .ifPresent(file -> add(file, SecretFile.read(file), configs));
    Path secret = secrets.resolve("docker-config.json");
    add(secret, SecretFile.read(secret), configs);
    return configs;
  }

  private static Optional<Path> path(Map<String, String> environment, String name) {
    return Optional.ofNullable(environment.get(name))
        .filter(value -> !value.isBlank())
        .map(Path::of);
  }

  private static void add(Path file, Optional<String> text, List<DockerConfig> to) {
    text.ifPresent(some -> to.add(parse(file.toString(), some)));
  }

  /** Reads one file; no message quotes it. */
  static DockerConfig parse(String file, String text) {
    try {
      Json json = JsonReader.read(text.getBytes(StandardCharsets.UTF_8), BOUNDS);
      if (!(json instanceof JsonObject config)) {
        throw new JsonException("an object is expected");
      }
      Map<String, Account> accounts = new LinkedHashMap<>();
      JsonObject auths = config.object("auths").orElse(Json.object());
      for (String key : auths.names()) {
        JsonObject entry = auths.object(key).orElse(Json.object());
        account(file, entry).ifPresent(account -> accounts.put(plain(key), account));
      }
      Map<String, String> helpers = new LinkedHashMap<>();
      config.string("credsStore").filter(one -> !one.isEmpty()).ifPresent(s -> helpers.put("", s));
      JsonObject named = config.object("credHelpers").orElse(Json.object());
      for (String host : named.names()) {
        if (named.find(host).orElseThrow() instanceof JsonString suffix) {
          helpers.put(plain(host), suffix.value());
        }
      }
      return new DockerConfig(file, accounts, helpers);
    } catch (JsonException e) {
      throw wrong(file, "it is no configuration of registries: it is not the JSON expected", e);
    }
  }

  private static Optional<Account> account(String file, JsonObject entry) throws JsonException {
    Optional<String> token = entry.string("identitytoken").filter(text -> !text.isEmpty());
    if (token.isPresent()) {
      return token.map(Account::ofRefreshToken);
    }
    Optional<String> auth = entry.string("auth").filter(text -> !text.isEmpty());
    if (auth.isEmpty()) {
      return Optional.empty();
    }
    try {
      String both =
          new String(Base64.getDecoder().decode(auth.get().strip()), StandardCharsets.UTF_8);
      int colon = both.indexOf(':');
      if (colon < 1) {
        throw wrong(file, "an entry of auths is not base64 of user:password", null);
      }
      int end = both.length();
      while (end > colon + 1 && both.charAt(end - 1) == 0) {
        end--;
      }
      return Optional.of(new Account(both.substring(0, colon), both.substring(colon + 1, end)));
    } catch (IllegalArgumentException e) {
      throw wrong(file, "an entry of auths is not base64 of user:password", null);
    }
  }

  private static CredentialException wrong(String file, String what, @Nullable Throwable cause) {
    return new CredentialException(
        file, what, "log in again (docker login, skopeo login), or remove the entry", cause);
  }

  /** Old files have {@code https://host/v1/}. */
  private static String plain(String key) {
    return key.replaceFirst("^https?://", "").replaceFirst("/v[12]/?$", "").replaceFirst("/$", "");
  }

  /** The account for a repository: the most specific key counts. */
  Optional<Account> find(Repository repository) {
    for (String key : keys(repository)) {
      if (accounts.containsKey(key)) {
        return Optional.ofNullable(accounts.get(key));
      }
    }
    return Optional.empty();
  }

  /** The helper for a registry. */
  Optional<String> helper(Repository repository) {
    for (String key : keys(repository)) {
      if (helpers.containsKey(key)) {
        return Optional.ofNullable(helpers.get(key));
      }
    }
    return Optional.ofNullable(helpers.get(""));
  }

  /** The host with the whole name first, then with less and less of it. */
  private static List<String> keys(Repository repository) {
    List<String> keys = new ArrayList<>();
    String key = repository.host() + "/" + repository.name();
    while (!key.isEmpty()) {
      keys.add(key);
      int slash = key.lastIndexOf('/');
      key = slash < 0 ? "" : key.substring(0, slash);
    }
    return keys;
  }
}
