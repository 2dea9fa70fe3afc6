package dev.modelbake.bake;

import dev.modelbake.catalog.Catalog;
import dev.modelbake.catalog.CatalogEntry;
import dev.modelbake.fetch.FetchSettings;
import dev.modelbake.fetch.Fetcher;
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
import dev.modelbake.mirror.Checker;
import dev.modelbake.mirror.Collected;
import dev.modelbake.mirror.Collector;
import dev.modelbake.mirror.Exporter;
import dev.modelbake.mirror.Importer;
import dev.modelbake.mirror.MirrorIndex;
import dev.modelbake.mirror.Pushed;
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
import dev.modelbake.pin.Change;
import dev.modelbake.pin.PinOptions;
import dev.modelbake.pin.Pinner;
import dev.modelbake.plan.ImageEnvironment;
import dev.modelbake.plan.LibraryDefaults;
import dev.modelbake.plan.PlanOptions;
import dev.modelbake.plan.PlanOptions.Reach;
import dev.modelbake.plan.PolicyCheck;
import dev.modelbake.registry.Account;
import dev.modelbake.registry.RegistrySettings.Helpers;
import dev.modelbake.verify.Surveyor;
import dev.modelbake.verify.Verified;
import dev.modelbake.verify.Verifier;
import dev.modelbake.verify.VerifyOptions;
import dev.modelbake.work.Workers;
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
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Bakes, plans, verifies, pins and mirrors; the entrance for programs.
 *
 * <pre>{@code
 * BakeReport report =
 *     ModelBake.manifest(Path.of("models.yaml")).owner("self").root(rootfs).store(cache).bake();
 * }</pre>
 *
 * <p><b>A value.</b> Each option gives a new one and leaves this one as it was. One value may be
 * used again, and by several threads at once: its calls share nothing but its listener. Runs that
 * share a store, or a target, wait for each other where that saves work and are right without.
 *
 * <p><b>Calls block</b> until all is done and every thread that they began has ended, except those
 * of a JVM that end by themselves. Nothing is printed, nothing static is changed, and the process
 * is not ended. {@link #guard}, {@link #record} and {@link #prove} run a command, which has the
 * streams of this process.
 *
 * <p><b>An interrupt</b> of the calling thread stops a call promptly with {@link
 * dev.modelbake.model.InterruptedBakeException}; the thread's interrupt flag is set then. What was
 * fetched is kept for the next run, and final paths hold what they held, or, when the interrupt
 * comes while files are published, whole old and whole new files. A thread that is interrupted
 * before the call does no work. A guarded command is ended, and its report is given.
 *
 * <p><b>Failures</b> are {@link BakeException}s, which are sealed; {@link BakeException#kind} sorts
 * them. Arguments that are out of their range are a {@link UsageException}; {@code null} is a
 * {@link NullPointerException}.
 */
@CheckReturnValue
public final class ModelBake {
  /** How long a store's other users are waited for. */
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final List<Consumer<Options>> decisions;
  private final Options options;

  private ModelBake(List<Path> manifests, List<Consumer<Options>> decisions) {
    this.decisions = decisions;
    options = new Options(manifests, decisions);
  }

  /** Begins with one manifest: a file, or {@code catalog:NAME} for an entry of the catalog. */
  public static ModelBake manifest(Path manifest) {
    return manifests(List.of(manifest));
  }

  /** Begins with several manifests, read together. */
  public static ModelBake manifests(List<Path> manifests) {
    return new ModelBake(manifests, List.of());
  }

  /** All that was decided here, and this. */
  private ModelBake with(Consumer<Options> decision) {
    List<Consumer<Options>> all = new ArrayList<>(decisions);
    all.add(decision);
    return new ModelBake(options.manifests, List.copyOf(all));
  }

  /** Selects models whose name matches a glob; several add up. */
  public ModelBake only(String... names) {
    List<String> all = List.of(names);
    return with(it -> it.only.addAll(all));
  }

  /** Leaves out models whose name matches a glob; several add up. */
  public ModelBake except(String... names) {
    List<String> all = List.of(names);
    return with(it -> it.except.addAll(all));
  }

  /** Selects models of a group; several add up. */
  public ModelBake group(String... names) {
    List<String> all = List.of(names);
    return with(it -> it.groups.addAll(all));
  }

  /** Sets a variable, which wins over manifest and environment. */
  public ModelBake env(String name, String value) {
    return with(it -> it.env.put(name, value));
  }

  /** Gives models whose name matches a glob this directory; the first glob that matches wins. */
  public ModelBake dir(String name, String directory) {
    return with(it -> it.dirs.putIfAbsent(name, directory));
  }

  /**
   * Takes this in place of the variables of the process: for variables of manifests, proxies,
   * credentials, {@code MODELBAKE_STORE}, {@code SOURCE_DATE_EPOCH} and {@code PATH}.
   */
  public ModelBake environment(Map<String, String> variables) {
    Map<String, String> all = Map.copyOf(variables);
    return with(it -> it.sourcing.environment = all);
  }

  /** The owner of all files: a name, uid, {@code user:group} or {@code self}. */
  public ModelBake owner(String nameOrId) {
    return with(it -> it.owner = Optional.of(nameOrId));
  }

  /** What {@code ~} means. */
  public ModelBake home(String directory) {
    return with(it -> it.home = Optional.of(directory));
  }

  /** A directory that stands for {@code /}; its passwd names the users. */
  public ModelBake root(Path directory) {
    Path absolute = directory.toAbsolutePath().normalize();
    return with(it -> it.root = absolute);
  }

  /** Mirrors tried before the manifest's sources: templates, base URLs, {@code file:} places. */
  public ModelBake mirror(String... urls) {
    List<String> absolute = Stream.of(urls).map(Sourcing::absolute).toList();
    return with(it -> it.sourcing.mirrors.addAll(absolute));
  }

  /** Uses the mirrors given here, and those of the site, and nothing else. */
  public ModelBake onlyMirrors() {
    return with(it -> it.sourcing.reach = Reach.ONLY_MIRRORS);
  }

  /** Opens no socket. */
  public ModelBake offline() {
    return with(it -> it.sourcing.reach = Reach.OFFLINE);
  }

  /** Replaces a URL prefix; the first that fits wins. */
  public ModelBake rewrite(String from, String to) {
    return with(it -> it.sourcing.rewrites.add(new PlanOptions.Rewrite(from, to)));
  }

  /** Keeps proven downloads in this directory and looks there first. */
  public ModelBake store(Path directory) {
    return with(it -> it.sourcing.store = Optional.of(directory));
  }

  /** A file of headers, each bound to an origin. */
  public ModelBake headersFile(Path file) {
    return with(it -> it.sourcing.headersFile = Optional.of(file));
  }

  /** PEM certificates to trust in addition. */
  public ModelBake caFile(Path file) {
    return with(it -> it.sourcing.caFile = Optional.of(file));
  }

  /**
   * Keeps to what a site decides for all its builds.
   *
   * @throws dev.modelbake.model.EnvironmentException if a key of the site is none
   */
  public ModelBake site(Site rules) {
    ModelBake changed = with(it -> it.sourcing.site = Optional.of(rules));
    changed.options.sourcing.trust(); // a key that is none is told at once
    return changed;
  }

  /**
   * Demands that manifests, and indexes of mirrors, are signed by one of these keys: each
   * minisign's in base64, or the path of a key file.
   */
  public ModelBake trustedKey(String... keys) {
    List<String> all = List.of(keys);
    return with(it -> it.sourcing.trustedKeys.addAll(all));
  }

  /**
   * Refuses signatures whose counter is lower.
   *
   * @param counter 0 or more
   * @throws UsageException if it is negative
   */
  public ModelBake minCounter(long counter) {
    if (counter < 0) {
      throw new UsageException(
          "reading --min-counter", "a counter is not negative", "give 0 or more");
    }
    return with(it -> it.sourcing.leastCounter = counter);
  }

  /** Speaks plain http to these registries, each a name that may have a port. */
  public ModelBake insecureRegistry(String... hosts) {
    List<String> all = List.of(hosts);
    return with(it -> it.sourcing.insecureRegistries.addAll(all));
  }

  /**
   * Logs in to a registry as this user, whatever files say.
   *
   * @param host with its port when it has one
   */
  public ModelBake registryAccount(String host, String user, String password) {
    return with(it -> it.sourcing.accounts.put(host, new Account(user, password)));
  }

  /** Runs the credential helpers that the configuration of Docker names. */
  public ModelBake credentialHelpers() {
    return with(it -> it.sourcing.helpers = Helpers.RUN);
  }

  /** Allows hosts whose address is link-local. */
  public ModelBake allowHost(String... hosts) {
    List<String> all = List.of(hosts);
    return with(it -> it.sourcing.allowedHosts.addAll(all));
  }

  /**
   * Gives up what is not fetched after this time; what is complete by then is put in place.
   *
   * @param time more than nothing
   * @throws UsageException if it is not
   */
  public ModelBake deadline(Duration time) {
    if (time.isNegative() || time.isZero()) {
      throw new UsageException(
          "reading --deadline", "no time of more than nothing", "give a second or more");
    }
    return with(it -> it.sourcing.deadline = Optional.of(time));
  }

  /**
   * Leaves a source that is slower for a minute.
   *
   * @param bytesPerSecond 0 or more; 0 leaves none; otherwise 1024
   * @throws UsageException if it is negative
   */
  public ModelBake minSpeed(long bytesPerSecond) {
    if (bytesPerSecond < 0) {
      throw new UsageException("reading --min-speed", "a speed is not negative", "give 0 or more");
    }
    return with(it -> it.sourcing.minSpeed = OptionalLong.of(bytesPerSecond));
  }

  /**
   * Bounds a download whose size is not pinned.
   *
   * @param bytes 1 or more; otherwise 64 GiB
   * @throws UsageException if it is less
   */
  public ModelBake maxDownload(long bytes) {
    if (bytes < 1) {
      throw new UsageException(
          "reading --max-download", "a bound is more than nothing", "give 1 or more");
    }
    return with(it -> it.sourcing.maxDownload = OptionalLong.of(bytes));
  }

  /**
   * The number of files fetched at once.
   *
   * @param files 1 to 64; otherwise 4
   * @throws UsageException if it is out of range
   */
  public ModelBake jobs(int files) {
    int checked = Options.checkedNumber("--jobs", files);
    return with(it -> it.jobs = checked);
  }

  /**
   * Bounds the connections to one host; a large file uses them all at once. Otherwise they are
   * four, of which a file uses more than one when it is slow.
   *
   * @param perHost 1 to 64
   * @throws UsageException if it is out of range
   */
  public ModelBake connections(int perHost) {
    int checked = Options.checkedNumber("--connections", perHost);
    return with(it -> it.sourcing.connections = OptionalInt.of(checked));
  }

  /** The time put on files; else {@code SOURCE_DATE_EPOCH}, else 2000-01-01T00:00:00Z. */
  public ModelBake times(Instant instant) {
    return with(it -> it.times = Optional.of(instant));
  }

  /** Takes another clock, and another source of jitter, 0 to 1, for the pauses between attempts. */
  ModelBake time(Time clock, DoubleSupplier jitter) {
    return with(
        it -> {
          it.sourcing.time = clock;
          it.sourcing.random = jitter;
        });
  }

  /** Hears of progress; {@link BakeListener} says from where and when. One at most. */
  public ModelBake listener(BakeListener heard) {
    return with(it -> it.listener = heard);
  }

  /**
   * Puts every selected file at its place.
   *
   * @return what happened; the proof of every file is in its receipt
   * @throws BakeException unless every selected file stands at its place
   */
  @CanIgnoreReturnValue
  public BakeReport bake() {
    return Stoppable.call(
        "baking",
        () -> {
          Ledger ledger = new Ledger(listening(), Instant.now(), System::nanoTime);
          Plan plan = Demands.bakeable(plan());
          try (Fetcher fetcher = options.sourcing.fetcher(ledger)) {
            return new Bake(
                    fetcher, options.publishedTimes(), Workers.onFiles(options.jobs), ledger)
                .run(plan);
          }
        });
  }

  /**
   * What a bake would do here. Hashes what is in place; changes nothing and opens no socket. {@link
   * Plan#outputs} and {@link Plan#inputDigest} tell build tools what is up to date.
   *
   * @throws BakeException if the manifests cannot be read, a selector matches nothing, or the site
   *     forbids it; a target that is not known here is no failure but {@link
   *     dev.modelbake.model.Target.Unresolved}
   */
  public Plan plan() {
    return Stoppable.call(
        "planning",
        () -> {
          List<Manifest> read = read();
          Plan plan = new Surveyor(options.sourcing.storeDirectory()).survey(options.planned(read));
          if (options.sourcing.site.isPresent()) {
            Site rules = options.sourcing.site.get();
            PolicyCheck.demand(rules.at().toString(), rules.policy(), read, plan);
            List<Problem> notices = new ArrayList<>(rules.notices());
            notices.addAll(plan.notices());
            return plan.with(notices);
          }
          return plan;
        });
  }

  /** The proxy and the certificates that a bake would use for a URL, for people. */
  public String route(SourceUrl url) {
    try (Fetcher fetcher = options.sourcing.fetcher(BakeListener.NONE)) {
      return fetcher.describeRoute(url);
    }
  }

  /**
   * Compares what stands on disk with the manifests, offline. No findings are the proof; {@link
   * VerifyOptions#outcome} says what others mean.
   */
  public Verification verify(VerifyOptions how) {
    return Stoppable.call(
        "verifying",
        () -> {
          Plan plan = Demands.resolved(planned());
          Verified verified = new Verifier().verify(plan, how);
          Set<String> proven =
              plan.files().stream().map(PlannedFile::name).collect(Collectors.toSet());
          verified.findings().forEach(finding -> proven.remove(finding.file()));
          return new Verification(verified.findings(), proven.size(), verified.receipt());
        });
  }

  /** Compares what stands below a root with a receipt, offline. */
  public static Verification verify(Receipt receipt, Path root, VerifyOptions options) {
    return Stoppable.call(
        "verifying",
        () -> {
          Verified verified = new Verifier().verify(receipt, root, options);
          Set<String> proven =
              receipt.entries().stream().map(Receipt.Entry::path).collect(Collectors.toSet());
          verified.findings().forEach(finding -> proven.remove(finding.path()));
          return new Verification(verified.findings(), proven.size(), verified.receipt());
        });
  }

  /** Problems that do not stop a bake; reads the manifests and nothing else. */
  public List<Problem> lint() {
    Catalog catalog = new Catalog();
    ManifestReader.Reading reading = ManifestReader.read(options.manifests, catalog);
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
  public List<Change> changes(
      String source, Optional<Path> directory, String text, Path temporary) {
    PinOptions none = new PinOptions(List.of(), List.of());
    return pinning(none, temporary, pinning -> pinning.check(source, directory, text));
  }

  private <T> T pinning(PinOptions pinOptions, Path temporary, Function<Pinning, T> work) {
    return Stoppable.call(
        "pinning",
        () -> {
          if (options.sourcing.reach == Reach.OFFLINE) {
            throw new UsageException(
                "pinning", "offline there is nobody to ask", "leave out --offline");
          }
          FetchSettings settings = options.sourcing.fetchSettings();
          try (Fetcher fetcher = options.sourcing.fetcher(listening());
              Hub hub = new Hub(settings.http(), listening())) {
            Pinner pinner = new Pinner(fetcher, hub, pinOptions, temporary);
            return work.apply(new Pinning(pinner, options::planned));
          }
        });
  }

  /** The variables that the final image must set for its libraries. */
  public SortedMap<String, String> imageEnvironment() {
    List<Manifest> read = read();
    return new ImageEnvironment(options.forPlan(), options.surroundings(read)).of(read);
  }

  private BakeListener listening() {
    return new Hearing(options.listener);
  }

  private Plan planned() {
    return options.planned(read());
  }

  /** Where every selected file will go; looks at neither disk nor network. */
  public List<PlannedFile> targets() {
    return planned().files();
  }

  /** The manifests themselves. */
  public List<Manifest> read() {
    return options.read();
  }

  /**
   * Makes a mirror of the selected models, or adds to one; needs neither owner, variables nor
   * Python.
   *
   * @throws BakeException unless every download is in it
   */
  @CanIgnoreReturnValue
  public MirrorIndex exportMirror(Path directory, MirrorOptions how) {
    return Stoppable.call(
        "exporting a mirror",
        () -> {
          List<Manifest> read = read();
          Plan plan = Demands.pinned(options.planned(read));
          options.sourcing.site.ifPresent(
              rules -> PolicyCheck.demand(rules.at().toString(), rules.policy(), read, plan));
          Map<String, String> licenses = new LinkedHashMap<>();
          read.stream()
              .flatMap(manifest -> manifest.models().stream())
              .forEach(model -> model.license().ifPresent(one -> licenses.put(model.name(), one)));
          Exporter.Order order =
              new Exporter.Order(licenses, how.from(), how.name(), how.counter(), how.tool());
          try (Fetcher fetcher = options.sourcing.fetcher(listening())) {
            return new Exporter(fetcher, Workers.onFiles(options.jobs), listening())
                .export(plan, directory, order);
          }
        });
  }

  /**
   * Takes a mirror over into a directory.
   *
   * @param place a directory, a URL or {@code oci://HOST/REPOSITORY}
   * @throws BakeException unless all of it is there and right
   */
  @CanIgnoreReturnValue
  public MirrorIndex importMirror(String place, Path directory) {
    return Stoppable.call(
        "importing a mirror",
        () -> {
          FetchSettings settings = options.sourcing.fetchSettings().withoutStore();
          return new Importer(settings, Workers.onFiles(options.jobs), listening())
              .importInto(place, directory, options.sourcing.trust());
        });
  }

  /**
   * Hashes everything in a mirror again.
   *
   * @param place a directory, a URL or {@code oci://HOST/REPOSITORY}
   * @throws BakeException unless all of it is there and right
   */
  @CanIgnoreReturnValue
  public MirrorIndex checkMirror(String place) {
    return Stoppable.call(
        "checking a mirror",
        () -> {
          return new Checker(options.sourcing.fetchSettings(), options.jobs, listening())
              .check(place, options.sourcing.trust());
        });
  }

  /**
   * Pushes a mirror to a registry.
   *
   * @param place {@code oci://HOST/REPOSITORY}
   * @param others repositories of that registry which may have blobs already
   * @throws BakeException unless all of it is there
   */
  @CanIgnoreReturnValue
  public Pushed pushMirror(Path directory, String place, List<String> others) {
    return Stoppable.call(
        "pushing a mirror",
        () -> {
          return new Pusher(
                  options.sourcing.fetchSettings(), Workers.onFiles(options.jobs), listening())
              .push(directory, place, others, options.sourcing.trust());
        });
  }

  /** Removes from a store what the manifests do not name. */
  @CanIgnoreReturnValue
  public Collected collect(Path directory, Collector.Mode mode) {
    return Stoppable.call(
        "cleaning a store up",
        () -> {
          return new Collector(PATIENCE).collect(directory, planned(), mode);
        });
  }

  /**
   * Runs a command with the network refused, with the streams of this process.
   *
   * @throws UsageException if an allowed host is none
   */
  public static GuardReport guard(GuardOptions options) {
    return Stoppable.call("guarding a command", () -> Guard.run(options));
  }

  /**
   * Runs a warm-up with the network on, with the streams of this process, and finds what it
   * downloaded. Every pin is checked by fetching it again.
   *
   * @throws BakeException if that cannot be done; a single source that fails leaves a file unpinned
   */
  public Recording record(RecordOptions how) {
    return Stoppable.call(
        "recording",
        () -> {
          Map<String, String> environment = how.command().environment();
          try (Fetcher fetcher =
              new Fetcher(options.sourcing.fetchSettings().withoutStore(), listening())) {
            Refetching refetching = new Refetching(fetcher, options::planned, how.temporary());
            return new Recorder(refetching, () -> new PythonReader(environment).sites())
                .record(how);
          }
        });
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
  public GuardReport prove(GuardOptions how, Path directory) {
    Map<String, String> variables = Recorder.moved(how.environment(), directory);
    ModelBake moved = environment(pythonFirst(how.command().get(0), variables)).owner("self");
    moved.bake();
    Map<String, String> guarded = new TreeMap<>(variables);
    guarded.putAll(moved.imageEnvironment()); // as the final image will have them
    // What was found in it while recording must be found in it again.
    guarded.put("PATH", variables.getOrDefault("PATH", ""));
    guarded.putIfAbsent("HF_HUB_DISABLE_XET", "1");
    return guard(new GuardOptions(how.command(), guarded, how.allow(), how.signals()));
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
}
