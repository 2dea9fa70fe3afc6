package dev.modelbake.bake;

import dev.modelbake.catalog.Catalog;
import dev.modelbake.catalog.CatalogEntry;
import dev.modelbake.fetch.FetchSettings;
import dev.modelbake.fetch.Fetcher;
import dev.modelbake.fetch.Runs;
import dev.modelbake.guard.Guard;
import dev.modelbake.guard.GuardOptions;
import dev.modelbake.guard.GuardReport;
import dev.modelbake.guard.RecordOptions;
import dev.modelbake.guard.Recorder;
import dev.modelbake.guard.Recording;
import dev.modelbake.guard.Refetching;
import dev.modelbake.http.Time;
import dev.modelbake.hub.Hub;
import dev.modelbake.lint.Linter;
import dev.modelbake.manifest.ManifestFile;
import dev.modelbake.manifest.ManifestReader;
import dev.modelbake.manifest.ManifestReader.Inspection;
import dev.modelbake.mirror.Checker;
import dev.modelbake.mirror.Collector;
import dev.modelbake.mirror.Exporter;
import dev.modelbake.mirror.Importer;
import dev.modelbake.mirror.MirrorIndex;
import dev.modelbake.mirror.Pusher;
import dev.modelbake.model.BakeException;
import dev.modelbake.model.BakeListener;
import dev.modelbake.model.BakeReport;
import dev.modelbake.model.Manifest;
import dev.modelbake.model.Model;
import dev.modelbake.model.Plan;
import dev.modelbake.model.PlannedFile;
import dev.modelbake.model.Problem;
import dev.modelbake.model.Receipt;
import dev.modelbake.model.Site;
import dev.modelbake.model.SourceUrl;
import dev.modelbake.model.UsageException;
import dev.modelbake.pin.PinOptions;
import dev.modelbake.pin.Pinner;
import dev.modelbake.plan.ImageEnvironment;
import dev.modelbake.plan.LibraryDefaults;
import dev.modelbake.plan.PlanOptions;
import dev.modelbake.plan.PlanOptions.Reach;
import dev.modelbake.plan.Planner;
import dev.modelbake.plan.PolicyCheck;
import dev.modelbake.plan.PythonPackages;
import dev.modelbake.plan.Surroundings;
import dev.modelbake.publish.Times;
import dev.modelbake.registry.Account;
import dev.modelbake.registry.RegistrySettings.Helpers;
import dev.modelbake.verify.Surveyor;
import dev.modelbake.verify.Verified;
import dev.modelbake.verify.Verifier;
import dev.modelbake.verify.VerifyOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.DoubleSupplier;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Bakes, plans, verifies and lints manifests; the entrance for programs.
 *
 * <pre>{@code
 * BakeReport report =
 *     ModelBake.manifest(Path.of("models.yaml")).owner("self").root(rootfs).store(cache).bake();
 * }</pre>
 *
 * <p>Calls block; an interrupt stops them promptly. Every failure is a {@link BakeException}. Not
 * for use by several threads: make one for each.
 */
public final class ModelBake {
  /** How long a store's other users are waited for. */
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final List<Path> manifests;
  private final Sourcing sourcing = new Sourcing();
  private final List<String> only = new ArrayList<>();
  private final List<String> except = new ArrayList<>();
  private final List<String> groups = new ArrayList<>();
  private final Map<String, String> env = new LinkedHashMap<>();
  private final Map<String, String> dirs = new LinkedHashMap<>();
  private Optional<String> owner = Optional.empty();
  private Optional<String> home = Optional.empty();
  private Path root = Path.of("/");
  private Optional<Instant> times = Optional.empty();
  private int jobs = 4;
  private BakeListener listener = BakeListener.NONE;

  private ModelBake(List<Path> manifests) {
    this.manifests = List.copyOf(manifests);
  }

  /** Begins with one manifest. */
  public static ModelBake manifest(Path manifest) {
    return manifests(List.of(manifest));
  }

  /** Begins with several manifests, read together. */
  public static ModelBake manifests(List<Path> manifests) {
    return new ModelBake(manifests);
  }

  /** Selects models whose name matches a glob; several add up. */
  public ModelBake only(String... names) {
    only.addAll(List.of(names));
    return this;
  }

  /** Leaves out models whose name matches a glob. */
  public ModelBake except(String... names) {
    except.addAll(List.of(names));
    return this;
  }

  /** Selects models of a group; several add up. */
  public ModelBake group(String... names) {
    groups.addAll(List.of(names));
    return this;
  }

  /** Sets a variable, which wins over manifest and environment. */
  public ModelBake env(String name, String value) {
    env.put(name, value);
    return this;
  }

  /** Gives models whose name matches a glob this directory; the first glob that matches wins. */
  public ModelBake dir(String name, String directory) {
    dirs.putIfAbsent(name, directory);
    return this;
  }

  /** Takes this in place of the variables of the process. */
  public ModelBake environment(Map<String, String> variables) {
    sourcing.environment = Map.copyOf(variables);
    return this;
  }

  /** The owner of all files: a name, uid, {@code user:group} or {@code self}. */
  public ModelBake owner(String nameOrId) {
    owner = Optional.of(nameOrId);
    return this;
  }

  /** What {@code ~} means. */
  public ModelBake home(String directory) {
    home = Optional.of(directory);
    return this;
  }

  /** A directory that stands for {@code /}. */
  public ModelBake root(Path directory) {
    root = directory.toAbsolutePath().normalize();
    return this;
  }

  /** Mirrors tried before the manifest's sources: templates, base URLs, {@code file:} places. */
  public ModelBake mirror(String... urls) {
    for (String url : urls) {
      sourcing.mirrors.add(Sourcing.absolute(url));
    }
    return this;
  }

  /** Uses the mirrors given here and nothing else. */
  public ModelBake onlyMirrors() {
    sourcing.reach = Reach.ONLY_MIRRORS;
    return this;
  }

  /** Opens no socket. */
  public ModelBake offline() {
    sourcing.reach = Reach.OFFLINE;
    return this;
  }

  /** Replaces a URL prefix; the first that fits wins. */
  public ModelBake rewrite(String from, String to) {
    sourcing.rewrites.add(new PlanOptions.Rewrite(from, to));
    return this;
  }

  /** Keeps proven downloads in this directory and looks there first. */
  public ModelBake store(Path directory) {
    sourcing.store = Optional.of(directory);
    return this;
  }

  /** A file of headers, each bound to an origin. */
  public ModelBake headersFile(Path file) {
    sourcing.headersFile = Optional.of(file);
    return this;
  }

  /** PEM certificates to trust in addition. */
  public ModelBake caFile(Path file) {
    sourcing.caFile = Optional.of(file);
    return this;
  }

  /**
   * Keeps to what a site decides for all its builds.
   *
   * @throws dev.modelbake.model.EnvironmentException if a key of the site is none
   */
  public ModelBake site(Site rules) {
    sourcing.site = Optional.of(rules);
    sourcing.trust(); // a key that is none is told at once
    return this;
  }

  /**
   * Demands that manifests, and indexes of mirrors, are signed by one of these keys: each
   * minisign's in base64, or the path of a key file.
   */
  public ModelBake trustedKey(String... keys) {
    sourcing.trustedKeys.addAll(List.of(keys));
    return this;
  }

  /** Refuses signatures whose counter is lower, 0 or more. */
  public ModelBake minCounter(long counter) {
    if (counter < 0) {
      throw new UsageException(
          "reading --min-counter", "a counter is not negative", "give 0 or more");
    }
    sourcing.leastCounter = counter;
    return this;
  }

  /** Speaks plain http to these registries, each a name that may have a port. */
  public ModelBake insecureRegistry(String... hosts) {
    sourcing.insecureRegistries.addAll(List.of(hosts));
    return this;
  }

  /**
   * Logs in to a registry as this user, whatever files say.
   *
   * @param host with its port when it has one
   */
  public ModelBake registryAccount(String host, String user, String password) {
    sourcing.accounts.put(host, new Account(user, password));
    return this;
  }

  /** Runs the credential helpers that the configuration of Docker names. */
  public ModelBake credentialHelpers() {
    sourcing.helpers = Helpers.RUN;
    return this;
  }

  /** Allows hosts whose address is link-local. */
  public ModelBake allowHost(String... hosts) {
    sourcing.allowedHosts.addAll(List.of(hosts));
    return this;
  }

  /** Gives up the whole run after this time. */
  public ModelBake deadline(Duration time) {
    sourcing.deadline = Optional.of(time);
    return this;
  }

  /** Leaves a source slower than this many bytes a second; 0 never does. */
  public ModelBake minSpeed(long bytesPerSecond) {
    sourcing.minSpeed = OptionalLong.of(bytesPerSecond);
    return this;
  }

  /** Bounds a download whose size is not pinned, in bytes. */
  public ModelBake maxDownload(long bytes) {
    sourcing.maxDownload = OptionalLong.of(bytes);
    return this;
  }

  /** Files fetched at once, 1 or more. */
  public ModelBake jobs(int files) {
    jobs = files;
    return this;
  }

  /**
   * Connections to one host at most, 1 or more; a large file uses them all at once. Otherwise four,
   * of which a file uses more than one when it is slow.
   */
  public ModelBake connections(int perHost) {
    sourcing.connections = OptionalInt.of(perHost);
    return this;
  }

  /** The time put on files; else {@code SOURCE_DATE_EPOCH}, else 2000-01-01T00:00:00Z. */
  public ModelBake times(Instant instant) {
    times = Optional.of(instant);
    return this;
  }

  /** Takes another clock, and another source of jitter, 0 to 1, for the pauses between attempts. */
  ModelBake time(Time clock, DoubleSupplier jitter) {
    sourcing.time = clock;
    sourcing.random = jitter;
    return this;
  }

  /** Hears of progress. */
  public ModelBake listener(BakeListener heard) {
    listener = heard;
    return this;
  }

  /**
   * Puts every selected file at its place.
   *
   * @return what happened; the proof of every file is in its receipt
   * @throws BakeException unless every selected file stands at its place
   */
  public BakeReport bake() {
    Ledger ledger = new Ledger(listener, Instant.now(), System::nanoTime);
    Plan plan = Demands.bakeable(surveyed());
    try (Fetcher fetcher = sourcing.fetcher(ledger)) {
      return new Bake(fetcher, publishedTimes(), new Runs(jobs), ledger).run(plan);
    }
  }

  /** What a bake would do here. Hashes what is in place; changes nothing and opens no socket. */
  public Plan plan() {
    return surveyed();
  }

  private Plan surveyed() {
    List<Manifest> read = read();
    Plan plan = new Surveyor(sourcing.storeDirectory()).survey(planned(read));
    if (sourcing.site.isPresent()) {
      Site rules = sourcing.site.get();
      PolicyCheck.demand(rules.at().toString(), rules.policy(), read, plan);
      List<Problem> notices = new ArrayList<>(rules.notices());
      notices.addAll(plan.notices());
      return plan.with(notices);
    }
    return plan;
  }

  /** The proxy and the certificates that a bake would use for a URL, for people. */
  public String route(SourceUrl url) {
    try (Fetcher fetcher = sourcing.fetcher(BakeListener.NONE)) {
      return fetcher.describeRoute(url);
    }
  }

  /**
   * Compares what stands on disk with the manifests, offline. No findings are the proof; {@link
   * VerifyOptions#outcome} says what others mean.
   */
  public Verification verify(VerifyOptions options) {
    Plan plan = Demands.resolved(planned());
    Verified verified = new Verifier().verify(plan, options);
    Set<String> proven = plan.files().stream().map(PlannedFile::name).collect(Collectors.toSet());
    verified.findings().forEach(finding -> proven.remove(finding.file()));
    return new Verification(verified.findings(), proven.size(), verified.receipt());
  }

  /** Compares what stands below a root with a receipt, offline. */
  public static Verification verify(Receipt receipt, Path root, VerifyOptions options) {
    Verified verified = new Verifier().verify(receipt, root, options);
    Set<String> proven =
        receipt.entries().stream().map(Receipt.Entry::path).collect(Collectors.toSet());
    verified.findings().forEach(finding -> proven.remove(finding.path()));
    return new Verification(verified.findings(), proven.size(), verified.receipt());
  }

  /** Problems that do not stop a bake; reads the manifests and nothing else. */
  public List<Problem> lint() {
    Catalog catalog = new Catalog();
    ManifestReader.Reading reading = ManifestReader.read(manifests, catalog);
    List<Model> shipped = catalog.all().stream().map(CatalogEntry::model).toList();
    List<Problem> problems = new ArrayList<>(reading.warnings());
    problems.addAll(new Linter(LibraryDefaults.names(), shipped).lint(reading.manifests()));
    problems.sort(
        Comparator.comparing((Problem problem) -> problem.at().source())
            .thenComparing(problem -> problem.at().line()));
    return problems;
  }

  /**
   * Finds what is missing of the pins of a manifest's text. Downloads what it must, to a directory
   * below {@code temporary} which is empty again afterwards; changes nothing else.
   *
   * @param source what the text is called in messages
   * @param directory where {@code file:} URLs of the text begin
   * @throws BakeException if something missing cannot be found out, or two sources contradict
   */
  public PinReport pin(
      String source, Optional<Path> directory, String text, PinOptions pinOptions, Path temporary) {
    return pinning(pinOptions, temporary, pinning -> pinning.pin(source, directory, text));
  }

  /** What upstream changed of what a manifest's text pins. */
  public List<Pinner.Change> changes(
      String source, Optional<Path> directory, String text, Path temporary) {
    PinOptions none = new PinOptions(List.of(), List.of());
    return pinning(none, temporary, pinning -> pinning.check(source, directory, text));
  }

  private <T> T pinning(PinOptions pinOptions, Path temporary, Function<Pinning, T> work) {
    if (sourcing.reach == Reach.OFFLINE) {
      throw new UsageException("pinning", "offline there is nobody to ask", "leave out --offline");
    }
    FetchSettings settings = sourcing.fetchSettings();
    try (Fetcher fetcher = sourcing.fetcher(listener);
        Hub hub = new Hub(settings.http(), listener)) {
      Pinner pinner = new Pinner(fetcher, hub, pinOptions, temporary);
      return work.apply(
          new Pinning(
              pinner,
              manifest ->
                  new Planner(planOptions(), surroundings(List.of())).plan(List.of(manifest))));
    }
  }

  /** The variables that the final image must set for its libraries. */
  public SortedMap<String, String> imageEnvironment() {
    List<Manifest> read = read();
    return new ImageEnvironment(planOptions(), surroundings(read)).of(read);
  }

  private Plan planned() {
    return planned(read());
  }

  private Plan planned(List<Manifest> read) {
    return new Planner(planOptions(), surroundings(read)).plan(read);
  }

  /** Where every selected file will go; looks at neither disk nor network. */
  public List<PlannedFile> targets() {
    return planned().files();
  }

  /** The manifests themselves. */
  public List<Manifest> read() {
    Inspection inspection =
        sourcing.wantsSignedManifests()
            ? new SignedManifests(sourcing.trust())::inspect
            : Inspection.NONE;
    return ManifestReader.read(manifests, new Catalog(), inspection).manifests();
  }

  /**
   * Makes a mirror of the selected models, or adds to one; needs neither owner, variables nor
   * Python.
   *
   * @throws BakeException unless every download is in it
   */
  public MirrorIndex exportMirror(Path directory, MirrorOptions options) {
    List<Manifest> read = read();
    Plan plan = Demands.pinned(planned(read));
    sourcing.site.ifPresent(
        rules -> PolicyCheck.demand(rules.at().toString(), rules.policy(), read, plan));
    Map<String, String> licenses = new LinkedHashMap<>();
    read.stream()
        .flatMap(manifest -> manifest.models().stream())
        .forEach(model -> model.license().ifPresent(one -> licenses.put(model.name(), one)));
    Exporter.Order order =
        new Exporter.Order(
            licenses, options.from(), options.name(), options.counter(), options.tool());
    try (Fetcher fetcher = sourcing.fetcher(listener)) {
      return new Exporter(fetcher, new Runs(jobs), listener).export(plan, directory, order);
    }
  }

  /**
   * Takes a mirror over into a directory.
   *
   * @param place a directory, a URL or {@code oci://HOST/REPOSITORY}
   * @throws BakeException unless all of it is there and right
   */
  public MirrorIndex importMirror(String place, Path directory) {
    FetchSettings settings = sourcing.fetchSettings().withoutStore();
    return new Importer(settings, new Runs(jobs), listener)
        .importInto(place, directory, sourcing.trust());
  }

  /**
   * Hashes everything in a mirror again.
   *
   * @param place a directory, a URL or {@code oci://HOST/REPOSITORY}
   * @throws BakeException unless all of it is there and right
   */
  public MirrorIndex checkMirror(String place) {
    return new Checker(sourcing.fetchSettings(), jobs, listener).check(place, sourcing.trust());
  }

  /**
   * Pushes a mirror to a registry.
   *
   * @param place {@code oci://HOST/REPOSITORY}
   * @param others repositories of that registry which may have blobs already
   * @throws BakeException unless all of it is there
   */
  public Pusher.Pushed pushMirror(Path directory, String place, List<String> others) {
    return new Pusher(sourcing.fetchSettings(), new Runs(jobs), listener)
        .push(directory, place, others, sourcing.trust());
  }

  /** Removes from a store what the manifests do not name. */
  public Collector.Collected collect(Path directory, Collector.Mode mode) {
    return new Collector(PATIENCE).collect(directory, planned(), mode);
  }

  /**
   * Runs a command with the network refused, with the streams of this process.
   *
   * @throws UsageException if an allowed host is none
   */
  public static GuardReport guard(GuardOptions options) {
    return Guard.run(options);
  }

  /**
   * Runs a warm-up with the network on, with the streams of this process, and finds what it
   * downloaded. Every pin is checked by fetching it again.
   *
   * @throws BakeException if that cannot be done; a single source that fails leaves a file unpinned
   */
  public Recording record(RecordOptions options) {
    Map<String, String> environment = options.command().environment();
    try (Fetcher fetcher = new Fetcher(sourcing.fetchSettings().withoutStore(), listener)) {
      Refetching refetching =
          new Refetching(
              fetcher,
              manifest ->
                  new Planner(planOptions(), surroundings(List.of())).plan(List.of(manifest)),
              options.temporary());
      return new Recorder(refetching, () -> new PythonReader(environment).sites()).record(options);
    }
  }

  /**
   * The text of a manifest with what was recorded.
   *
   * @param existing a manifest to add to; what it has already is left out
   */
  public static String manifestOf(Recording recording, Optional<ManifestFile> existing) {
    return new RecordedManifest(existing).with(recording.models());
  }

  /**
   * Finds out whether models can be added to a manifest.
   *
   * @throws BakeException if it is wrong, or has no list to which models can be added
   */
  public static void requireExtensible(ManifestFile existing) {
    new RecordedManifest(Optional.of(existing)).check();
  }

  /**
   * Bakes the manifests into an empty directory and runs a command there with the network refused:
   * the homes of libraries, and {@code HOME}, lead into it.
   *
   * @param directory an empty one
   */
  public GuardReport prove(GuardOptions options, Path directory) {
    Map<String, String> variables = Recorder.moved(options.environment(), directory);
    environment(pythonFirst(options.command().get(0), variables)).owner("self").bake();
    Map<String, String> guarded = new TreeMap<>(variables);
    guarded.putAll(imageEnvironment()); // as the final image will have them
    // What was found in it while recording must be found in it again.
    guarded.put("PATH", variables.getOrDefault("PATH", ""));
    guarded.putIfAbsent("HF_HUB_DISABLE_XET", "1");
    return Guard.run(
        new GuardOptions(options.command(), guarded, options.allow(), options.signals()));
  }

  /** A Python that is named by its path is the one whose packages count. */
  private static Map<String, String> pythonFirst(String command, Map<String, String> variables) {
    Path directory = Path.of(command).toAbsolutePath().getParent();
    if (!command.contains("/")
        || directory == null
        || !Files.isExecutable(directory.resolve("python3"))) {
      return variables;
    }
    Map<String, String> changed = new TreeMap<>(variables);
    changed.merge("PATH", directory.toString(), (path, first) -> first + ":" + path);
    return changed;
  }

  private PlanOptions planOptions() {
    return new PlanOptions(
        root,
        owner,
        home,
        env,
        dirs,
        new PlanOptions.Selection(only, except, groups),
        sourcing.sources());
  }

  private Surroundings surroundings(List<Manifest> read) {
    return SurroundingsReader.read(
        root, sourcing.environment, PythonPackages.asked(read, dirs.values()));
  }

  private Times publishedTimes() {
    return times
        .map(Times::new)
        .orElseGet(
            () ->
                Times.sourceDateEpoch(
                    Optional.ofNullable(sourcing.environment.get("SOURCE_DATE_EPOCH"))));
  }
}
