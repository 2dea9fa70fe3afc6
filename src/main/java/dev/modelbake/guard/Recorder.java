package dev.modelbake.guard;

import dev.modelbake.catalog.Catalog;
import dev.modelbake.guard.Matching.Candidate;
import dev.modelbake.guard.Recording.Derived;
import dev.modelbake.manifest.NewModel;
import dev.modelbake.model.SourceUrl;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Runs a command with the network on, and finds out what it downloaded: which files are new, and
 * which source gives each of them again.
 */
public final class Recorder {
  private static final Pattern URL = Pattern.compile("https?://[^\\s'\"]+");
  private static final Pattern PASSING =
      Pattern.compile(".*(?:\\.pyc|\\.lock|\\.incomplete|\\.part|\\.tmp|/CACHEDIR\\.TAG)");

  private final Refetching refetching;
  private final Supplier<List<Path>> packages;

  /**
   * A recorder.
   *
   * @param packages directories in which Python packages are installed
   */
  public Recorder(Refetching refetching, Supplier<List<Path>> packages) {
    this.refetching = refetching;
    this.packages = packages;
  }

  /** What a command was seen to do, as far as files and sources are concerned. */
  private record Seen(List<String> command, CommandRun run, Notes notes, List<String> hosts) {}

  /**
   * Runs it to its end, and fetches again what it fetched.
   *
   * @throws dev.modelbake.model.BakeException if that cannot be done at all; a source that fails
   *     leaves a file without a pin
   */
  public Recording record(RecordOptions options) {
    Places places = Places.of(options.command().environment());
    Set<Path> watched = new LinkedHashSet<>(places.watched());
    options.watch().forEach(path -> watched.add(path.toAbsolutePath().normalize()));
    Snapshot before = Snapshot.of(watched);
    FileTime start = now(options.temporary());
    Seen seen = run(options.command());
    if (seen.run().fault().isPresent() || seen.run().exit() != 0) {
      return new Recording(
          seen.run().exit(),
          seen.run().fault(),
          List.of(),
          List.of(),
          List.of(),
          seen.hosts(),
          seen.notes().started().size());
    }
    Snapshot after = Snapshot.of(watched);
    // Packages are many thousand files: a second look at them would cost more than the first.
    after.addChanged(packages.get(), start);
    after.add(noted(seen.notes(), places.home(), options.temporary()));
    ExecutorService hashing =
        Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors());
    try {
      return matched(after.since(before), seen, places, hashing);
    } finally {
      hashing.shutdownNow();
    }
  }

  /** The variables of an environment with the homes of all libraries below an empty directory. */
  public static Map<String, String> moved(Map<String, String> environment, Path directory) {
    Map<String, String> variables = new TreeMap<>(environment);
    variables.putAll(Places.of(environment).moved(environment, directory));
    return variables;
  }

  /**
   * New files that {@link #moved} does not move: whoever runs the command again finds them where
   * they are, pinned or not.
   */
  public static List<Path> unmoved(Recording recording, Map<String, String> environment) {
    Places places = Places.of(environment);
    List<Path> homes = new ArrayList<>(places.homes().values());
    homes.add(places.home());
    return Stream.concat(
            recording.pinned().stream(), recording.derived().stream().map(Derived::path))
        .filter(path -> homes.stream().noneMatch(path::startsWith))
        .toList();
  }

  /** The time as the kernel puts it on files. */
  private static FileTime now(Path directory) {
    try {
      Path file = Files.createTempFile(directory, "modelbake-record-", "");
      try {
        return Files.getLastModifiedTime(file);
      } finally {
        Files.delete(file);
      }
    } catch (IOException e) {
      return FileTime.from(Instant.now());
    }
  }

  private static Seen run(GuardOptions options) {
    Map<String, String> environment = new TreeMap<>(options.environment());
    environment.putIfAbsent("HF_HUB_DISABLE_XET", "1");
    try (Surveillance surveillance = Surveillance.watching(environment)) {
      CommandRun run = CommandRun.of(options, surveillance);
      Notes notes = notes(surveillance);
      Set<String> hosts = new TreeSet<>();
      surveillance
          .proxy()
          .ifPresent(proxy -> proxy.attempts().forEach(one -> hosts.add(one.target())));
      return new Seen(options.command(), run, notes, List.copyOf(hosts));
    }
  }

  private static Notes notes(Surveillance surveillance) {
    try {
      if (surveillance.hook().isPresent()) {
        return Notes.read(surveillance.hook().get().notes());
      }
    } catch (IOException e) {
      return Notes.NONE;
    }
    return Notes.NONE;
  }

  /** Files that Pythons wrote anywhere, but where things are thrown away. */
  private static Collection<Path> noted(Notes notes, Path home, Path temporary) {
    List<Path> passing =
        List.of(temporary, Path.of("/tmp"), Path.of("/var/tmp"), Path.of("/dev"), Path.of("/run"));
    return notes.written().stream()
        .filter(Path::isAbsolute)
        .map(Path::normalize)
        .filter(path -> path.startsWith(home) || passing.stream().noneMatch(path::startsWith))
        .toList();
  }

  private Recording matched(List<Path> paths, Seen seen, Places places, ExecutorService hashing) {
    HubEntries hub = new HubEntries(places, hashing);
    Map<Path, NewFile> files = new LinkedHashMap<>();
    for (Path path : paths) {
      if (!PASSING.matcher(path.toString()).matches() && !hub.take(path)) {
        NewFile.at(path, hashing).ifPresent(file -> files.put(path, file));
      }
    }
    List<NewModel> models = new ArrayList<>();
    List<Path> pinned = new ArrayList<>();
    List<Derived> derived = new ArrayList<>();
    List<String> names = new ArrayList<>();
    for (HubEntries.Found found : hub.found()) {
      Optional<String> why = refetching.check(found.entry());
      names.add(found.name());
      if (why.isEmpty()) {
        models.add(found.entry());
        found.files().forEach(file -> pinned.add(file.path()));
      } else {
        found.files().forEach(file -> derived.add(derived(file, why.get())));
      }
    }
    new CatalogEntries(places)
        .found(new Catalog().all(), files.values()).stream()
            .filter(found -> refetching.check(found.entry()).isEmpty())
            .forEach(
                found -> {
                  models.add(found.entry());
                  names.add(found.name());
                  found.files().forEach(file -> pinned.add(file.path()));
                });
    pinned.forEach(files::remove);
    Matching matching = new Matching(places, refetching::fetch, names);
    matching.match(files.values(), candidates(seen));
    models.addAll(matching.models());
    pinned.addAll(matching.pinned());
    matching
        .left()
        .forEach(file -> derived.add(derived(file, "no URL that was seen gives these bytes")));
    derived.sort(Comparator.comparing(Derived::path));
    return new Recording(
        0, Optional.empty(), models, pinned, derived, seen.hosts(), seen.notes().started().size());
  }

  private static Derived derived(NewFile file, String why) {
    return new Derived(file.path(), file.size(), why);
  }

  /** What Pythons asked for, in the order of time, then what other programs were told to fetch. */
  private static List<Candidate> candidates(Seen seen) {
    List<Candidate> candidates = new ArrayList<>();
    Set<SourceUrl> known = new HashSet<>();
    Set<SourceUrl> signed = new HashSet<>();
    seen.notes().requested().stream()
        .filter(one -> one.method().equals("GET"))
        .sorted(Comparator.comparing(Notes.Requested::nanos))
        .forEach(
            one ->
                CleanUrl.of(one.url())
                    .filter(known::add)
                    .ifPresent(
                        url -> {
                          candidates.add(new Candidate(url, one.library()));
                          if (!url.uri().toString().equals(one.url())) {
                            signed.add(url);
                          }
                        }));
    List<String> lines = new ArrayList<>(seen.command());
    seen.run().members().forEach(member -> lines.add(member.line()));
    for (String line : lines) {
      Matcher urls = URL.matcher(line);
      while (urls.find()) {
        CleanUrl.of(urls.group())
            .filter(known::add)
            .ifPresent(url -> candidates.add(new Candidate(url, Optional.empty())));
      }
    }
    // What was signed is where a redirect led: the address before it is the one that lasts.
    candidates.sort(Comparator.comparing(one -> signed.contains(one.url())));
    return candidates;
  }
}
