package dev.modelbake.fetch;

import dev.modelbake.http.HttpSettings;
import dev.modelbake.http.Limits;
import dev.modelbake.http.Places;
import dev.modelbake.http.Speed;
import dev.modelbake.model.HostRules;
import dev.modelbake.registry.RegistrySettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What fetching goes by. Begin with {@link #defaults} and change what differs.
 *
 * @param maxDownload bytes at which a download without a pinned size is refused, 1 or more
 * @param connectionsPerHost to one origin at the same time, and so for one file, 1 or more
 * @param store the store to look into first and to fetch into
 */
public record FetchSettings(
    HttpSettings http,
    long maxDownload,
    int connectionsPerHost,
    Spreading spreading,
    Optional<Path> store,
    NetworkUse network,
    RegistrySettings registries) {
  private static final long MAX_DOWNLOAD = 64L << 30;
  private static final int CONNECTIONS = 4;

  public FetchSettings {
    if (maxDownload < 1 || connectionsPerHost < 1) {
      throw new IllegalArgumentException("bounds are 1 or more");
    }
  }

  /**
   * 64 GiB, four connections, no store, online, limits as in {@link Limits#DEFAULT}; the home is
   * {@code HOME}, secrets are in {@code /run/secrets}.
   *
   * @param environment of the process: proxies, tokens, certificate bundles
   */
  public static FetchSettings defaults(Map<String, String> environment) {
    Optional<Path> home =
        Optional.ofNullable(environment.get("HOME")).filter(h -> !h.isBlank()).map(Path::of);
    Places places = new Places(home, Path.of("/run/secrets"), List.of(), Optional.empty());
    return new FetchSettings(
        new HttpSettings(environment, places, Set.of(), HostRules.ANY, Limits.DEFAULT),
        MAX_DOWNLOAD,
        CONNECTIONS,
        Spreading.WHEN_SLOW,
        Optional.empty(),
        NetworkUse.ONLINE,
        RegistrySettings.DEFAULT);
  }

  /** With the home of the running user, where {@code .netrc} is. */
  public FetchSettings withHome(Path home) {
    Places p = http.places();
    return with(new Places(Optional.of(home), p.secrets(), p.authorities(), p.headersFile()));
  }

  /** With another directory of secrets. */
  public FetchSettings withSecrets(Path secrets) {
    Places p = http.places();
    return with(new Places(p.home(), secrets, p.authorities(), p.headersFile()));
  }

  /**
   * With further certificate authorities, in PEM form.
   *
   * @param setting where they were named
   */
  public FetchSettings withAuthorities(String setting, Path file) {
    Places p = http.places();
    List<Places.Authorities> grown = new ArrayList<>(p.authorities());
    grown.add(new Places.Authorities(setting, file));
    return with(new Places(p.home(), p.secrets(), grown, p.headersFile()));
  }

  /** With a file of lines {@code https://host[:port]/ Header: value}. */
  public FetchSettings withHeadersFile(Path headersFile) {
    Places p = http.places();
    return with(new Places(p.home(), p.secrets(), p.authorities(), Optional.of(headersFile)));
  }

  /** With hosts that may be asked although their address is link-local. */
  public FetchSettings withAllowHosts(Set<String> hosts) {
    return with(
        new HttpSettings(http.environment(), http.places(), hosts, http.hosts(), http.limits()));
  }

  /** With the only hosts that may be asked. */
  public FetchSettings withHosts(HostRules hosts) {
    return with(
        new HttpSettings(
            http.environment(), http.places(), http.allowHosts(), hosts, http.limits()));
  }

  /** With a bound on the time for all files together, from the making of the {@link Fetcher}. */
  public FetchSettings withDeadline(Duration deadline) {
    Limits l = http.limits();
    return with(new Limits(l.connect(), l.headers(), l.floor(), Optional.of(deadline)));
  }

  /** With another least speed, held against each file over this window. */
  public FetchSettings withMinSpeed(long bytesPerSecond, Duration window) {
    Limits l = http.limits();
    return with(
        new Limits(l.connect(), l.headers(), new Speed(bytesPerSecond, window), l.deadline()));
  }

  /** With another bound for downloads without a pinned size, in bytes. */
  public FetchSettings withMaxDownload(long bytes) {
    return new FetchSettings(
        http, bytes, connectionsPerHost, spreading, store, network, registries);
  }

  /** With another number of connections to one origin, all used for a large file at once. */
  public FetchSettings withConnectionsPerHost(int connections) {
    return new FetchSettings(
        http, maxDownload, connections, Spreading.AT_ONCE, store, network, registries);
  }

  /** With a store. */
  public FetchSettings withStore(Path directory) {
    return new FetchSettings(
        http,
        maxDownload,
        connectionsPerHost,
        spreading,
        Optional.of(directory),
        network,
        registries);
  }

  /** With no store. */
  public FetchSettings withoutStore() {
    return new FetchSettings(
        http, maxDownload, connectionsPerHost, spreading, Optional.empty(), network, registries);
  }

  /** With or without the network. */
  public FetchSettings withNetwork(NetworkUse use) {
    return new FetchSettings(
        http, maxDownload, connectionsPerHost, spreading, store, use, registries);
  }

  /** With another way to registries. */
  public FetchSettings withRegistries(RegistrySettings other) {
    return new FetchSettings(
        http, maxDownload, connectionsPerHost, spreading, store, network, other);
  }

  private FetchSettings with(Places places) {
    return with(
        new HttpSettings(
            http.environment(), places, http.allowHosts(), http.hosts(), http.limits()));
  }

  private FetchSettings with(Limits limits) {
    return with(
        new HttpSettings(
            http.environment(), http.places(), http.allowHosts(), http.hosts(), limits));
  }

  private FetchSettings with(HttpSettings changed) {
    return new FetchSettings(
        changed, maxDownload, connectionsPerHost, spreading, store, network, registries);
  }
}
