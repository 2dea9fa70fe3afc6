package dev.modelbake.registry;

import dev.modelbake.http.Asking;
import dev.modelbake.http.HttpClient;
import dev.modelbake.http.HttpSettings;
import dev.modelbake.http.Login;
import dev.modelbake.http.Time;
import dev.modelbake.model.BakeListener;
import dev.modelbake.model.SourceUrl;
import dev.modelbake.oci.Repository;
import dev.modelbake.oci.Repository.BlobReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The registries of one run: who one is to each, and how each is reached. Safe for use by several
 * threads. Credentials are read when the first registry asks for them.
 */
public final class Registries {
  private final HttpClient client;
  private final HttpSettings http;
  private final RegistrySettings settings;
  private final Time time;
  private final Map<List<String>, Login> logins = new ConcurrentHashMap<>();
  private @Nullable List<DockerConfig> configs;

  /** The registries that a client can reach. */
  public Registries(HttpClient client, HttpSettings http, RegistrySettings settings, Time time) {
    this.client = client;
    this.http = http;
    this.settings = settings;
    this.time = time;
  }

  /**
   * Where a source's bytes are asked for.
   *
   * @param url http or https
   */
  public record Address(SourceUrl url, Login login) {}

  /** The address of any source that is no file. */
  public Address address(SourceUrl source) {
    if (!source.scheme().equals("oci")) {
      return new Address(source, Login.NONE);
    }
    BlobReference reference = BlobReference.parse(source);
    Repository repository = reference.repository();
    return new Address(
        SourceUrl.parse(base(repository) + "blobs/" + reference.digest()),
        login(repository, List.of("pull"), List.of()));
  }

  /** A repository to read from. */
  public Registry reading(Repository repository, BakeListener listener, DoubleSupplier random) {
    return registry(repository, List.of("pull"), List.of(), listener, random);
  }

  /**
   * A repository to write to.
   *
   * @param others names of repositories of the same registry that may have blobs already
   */
  public Registry writing(
      Repository repository, List<String> others, BakeListener listener, DoubleSupplier random) {
    return registry(repository, List.of("pull", "push"), others, listener, random);
  }

  private Registry registry(
      Repository repository,
      List<String> actions,
      List<String> others,
      BakeListener listener,
      DoubleSupplier random) {
    Asking asking = new Asking(client, http.limits().floor(), time, random, listener);
    return new Registry(repository, base(repository), login(repository, actions, others), asking);
  }

  private String base(Repository repository) {
    String host = repository.host();
    SourceUrl secure = SourceUrl.parse("https://" + host + "/");
    String bare = host.replaceFirst(":[0-9]+$", "");
    boolean plain =
        HttpClient.isLoopback(secure)
            || settings.insecure().contains(host)
            || settings.insecure().contains(bare);
    return (plain ? "http" : "https") + "://" + host + "/v2/" + repository.name() + "/";
  }

  private Login login(Repository repository, List<String> actions, List<String> others) {
    List<String> scopes = new ArrayList<>();
    scopes.add("repository:" + repository.name() + ":" + String.join(",", actions));
    others.forEach(other -> scopes.add("repository:" + other + ":pull"));
    List<String> key = new ArrayList<>(scopes);
    key.add(repository.host());
    return logins.computeIfAbsent(
        key,
        any ->
            new RegistryLogin(
                client, http.limits().floor(), time, () -> account(repository), scopes));
  }

  private Optional<Account> account(Repository repository) {
    Account given = settings.accounts().get(repository.host());
    if (given != null) {
      return Optional.of(given);
    }
    for (DockerConfig config : configs()) {
      Optional<Account> found = config.find(repository);
      Optional<String> helper = config.helper(repository);
      boolean asks = settings.helpers() == RegistrySettings.Helpers.RUN && helper.isPresent();
      if (found.isEmpty() && asks) {
        found = new CredentialHelper(config.file(), helper.get()).get(repository.host());
      }
      if (found.isPresent()) {
        return found;
      }
    }
    return Optional.empty();
  }

  private synchronized List<DockerConfig> configs() {
    List<DockerConfig> loaded = configs;
    if (loaded == null) {
      loaded = DockerConfig.load(http.environment(), http.places().home(), http.places().secrets());
      configs = loaded;
    }
    return loaded;
  }
}
