package dev.modelbake.bake;

import dev.modelbake.fetch.FetchSettings;
import dev.modelbake.fetch.Fetcher;
import dev.modelbake.fetch.NetworkUse;
import dev.modelbake.http.Time;
import dev.modelbake.model.BakeListener;
import dev.modelbake.model.HostRules;
import dev.modelbake.model.Site;
import dev.modelbake.model.Text;
import dev.modelbake.model.UsageException;
import dev.modelbake.plan.PlanOptions;
import dev.modelbake.plan.PlanOptions.Reach;
import dev.modelbake.registry.Account;
import dev.modelbake.registry.RegistrySettings;
import dev.modelbake.registry.RegistrySettings.Helpers;
import dev.modelbake.trust.TrustedKey;
import dev.modelbake.trust.TrustedKeys;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.DoubleSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where bytes may come from and how they are fetched: what a caller and the site decide of it.
 * Changed only while the {@link Options} are made.
 */
final class Sourcing {
  private static final Pattern AUTHORITY = Pattern.compile("^(?:https?|oci)://([^/?#]+)");

  private static final Duration SPEED_WINDOW = Duration.ofSeconds(60);

  final List<String> mirrors = new ArrayList<>();
  final List<PlanOptions.Rewrite> rewrites = new ArrayList<>();
  final List<String> allowedHosts = new ArrayList<>();
  Reach reach = Reach.EVERYWHERE;
  Optional<Path> store = Optional.empty();
  Optional<Path> headersFile = Optional.empty();
  Optional<Path> caFile = Optional.empty();
  Optional<Duration> deadline = Optional.empty();
  OptionalLong minSpeed = OptionalLong.empty();
  OptionalLong maxDownload = OptionalLong.empty();
  Optional<Site> site = Optional.empty();
  final List<String> trustedKeys = new ArrayList<>();
  long leastCounter;
  final Set<String> insecureRegistries = new LinkedHashSet<>();
  final Map<String, Account> accounts = new LinkedHashMap<>();
  Helpers helpers = Helpers.IGNORED;
  OptionalInt connections = OptionalInt.empty();
  Map<String, String> environment = System.getenv();
  Time time = Time.SYSTEM;
  DoubleSupplier random = () -> ThreadLocalRandom.current().nextDouble();

  /** A relative {@code file:} place is one below the current directory. */
  static String absolute(String url) {
    boolean relative = url.startsWith("file:") && !url.startsWith("file:/");
    return relative
        ? "file://" + Path.of("").toAbsolutePath().toUri().getRawPath() + url.substring(5)
        : url;
  }

  /** The keys of the command and of the site. */
  TrustedKeys trust() {
    List<TrustedKey> keys = new ArrayList<>();
    trustedKeys.forEach(key -> keys.add(TrustedKey.read("--trusted-key", key)));
    site.ifPresent(
        rules ->
            rules
                .trustedKeys()
                .forEach(key -> keys.add(TrustedKey.read(key.at().toString(), key.value()))));
    return new TrustedKeys(keys, leastCounter);
  }

  /**
   * Whether manifests must be signed.
   *
   * @throws UsageException if a counter is asked for and no signature
   */
  boolean wantsSignedManifests() {
    boolean keyless =
        trustedKeys.isEmpty() && site.filter(s -> !s.trustedKeys().isEmpty()).isEmpty();
    if (leastCounter > 0 && keyless) {
      throw new UsageException(
          "reading --min-counter",
          "the counter of a manifest stands in its signature, and no key is trusted",
          "add --trusted-key");
    }
    return !trustedKeys.isEmpty()
        || site.filter(rules -> rules.policy().signature().isPresent()).isPresent();
  }

  /** Where the candidates of a plan may lie. */
  PlanOptions.Sources sources() {
    List<String> all = new ArrayList<>(mirrors);
    List<PlanOptions.Rewrite> prefixes = new ArrayList<>(rewrites);
    Reach far = reach;
    if (site.isPresent()) {
      site.get().mirrors().forEach(mirror -> all.add(mirror.value()));
      site.get()
          .rewrites()
          .forEach((from, to) -> prefixes.add(new PlanOptions.Rewrite(from.value(), to.value())));
      boolean only = site.get().onlyMirrors().isPresent() && reach == Reach.EVERYWHERE;
      far = only ? Reach.ONLY_MIRRORS : reach;
    }
    return new PlanOptions.Sources(all, far, prefixes, hosts());
  }

  /** The site's own mirrors need no mention. */
  private HostRules hosts() {
    if (site.isEmpty() || site.get().policy().hosts().isEmpty()) {
      return HostRules.ANY;
    }
    List<String> patterns = new ArrayList<>();
    site.get().policy().hosts().forEach(host -> patterns.add(host.value()));
    for (Text mirror : site.get().mirrors()) {
      Matcher authority = AUTHORITY.matcher(mirror.value());
      if (authority.find()) {
        patterns.add(authority.group(1));
      }
    }
    return new HostRules(patterns);
  }

  /** The store, when there is one. */
  Optional<Path> storeDirectory() {
    return store.or(
        () ->
            Optional.ofNullable(environment.get("MODELBAKE_STORE"))
                .filter(path -> !path.isEmpty())
                .map(Path::of));
  }

  /** What fetches for one run; its deadline begins now. */
  Fetcher fetcher(BakeListener listener) {
    return new Fetcher(fetchSettings(), listener, time, random);
  }

  /** How it is fetched. */
  FetchSettings fetchSettings() {
    FetchSettings settings =
        FetchSettings.defaults(environment)
            .withAllowHosts(Set.copyOf(allowedHosts))
            .withHosts(hosts())
            .withRegistries(new RegistrySettings(insecureRegistries, accounts, helpers))
            .withNetwork(reach == Reach.OFFLINE ? NetworkUse.OFFLINE : NetworkUse.ONLINE);
    if (storeDirectory().isPresent()) {
      settings = settings.withStore(storeDirectory().get());
    }
    if (connections.isPresent()) {
      settings = settings.withConnectionsPerHost(connections.getAsInt());
    }
    if (headersFile.isPresent()) {
      settings = settings.withHeadersFile(headersFile.get());
    }
    if (caFile.isPresent()) {
      settings = settings.withAuthorities("--cacert", caFile.get());
    }
    if (site.isPresent() && site.get().ca().isPresent()) {
      Site.Authorities ca = site.get().ca().get();
      settings = settings.withAuthorities(ca.at().toString(), ca.file());
    }
    if (deadline.isPresent()) {
      settings = settings.withDeadline(deadline.get());
    }
    if (minSpeed.isPresent()) {
      settings = settings.withMinSpeed(minSpeed.getAsLong(), SPEED_WINDOW);
    }
    if (maxDownload.isPresent()) {
      settings = settings.withMaxDownload(maxDownload.getAsLong());
    }
    return settings;
  }
}
