package dev.modelbake.guard;

import dev.modelbake.catalog.Catalog;
import dev.modelbake.catalog.CatalogEntry;
import dev.modelbake.guard.RecordOptions.Output;
import dev.modelbake.guard.Recording.Derived;
import dev.modelbake.manifest.NewModel;
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
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Runs a command with the network on, and finds out what it downloaded: which files are new, and
 * which source gives each of them again.
 */
public final class Recorder {
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

  /**
   * What a command was seen to do, as far as files and sources are concerned.
   *
   * @param lines of programs
   * @param proxied URLs that the proxy was asked for without a tunnel
   * @param hosts that it was asked for by programs other than Python
   */
  private record Seen(
      CommandRun run, Notes notes, List<Ordered> lines, List<String> proxied, List<String> hosts) {}

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
    Seen seen = run(options);
    if (seen.run().fault().isPresent() || seen.run().exit() != 0) {
      return new Recording(
          seen.run().exit(),
          seen.run().fault(),
          List.of(),
          List.of(),
          List.of(),
          seen.hosts(),
          List.of(),
          seen.notes().started().size());
    }
    Snapshot after = Snapshot.of(watched);
    // Packages are many thousand files: a second look at them would cost more than the first.
    after.addChanged(packages(seen.notes()), start);
    Set<Path> kept = new HashSet<>(watched);
    kept.addAll(List.of(places.home(), Path.of("").toAbsolutePath()));
    Passing passing = Passing.beside(kept, options.temporary());
    Set<Path> named = named(seen);
    after.add(named.stream().filter(path -> !passing.covers(path)).toList(), start);
    Snapshot left = Snapshot.of(List.of());
    left.add(named.stream().filter(passing::covers).toList(), start);
    List<String> notes = new ArrayList<>(unwatched(options.watch()));
    passing
        .note(left.since(Snapshot.of(List.of())).stream().filter(Recorder::lasts).toList())
        .ifPresent(notes::add);
    ExecutorService hashing =
        Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors());
    try {
      return matched(after.since(before), seen, notes, places, hashing);
    } finally {
      hashing.shutdownNow();
    }
  }

  /** Where things are thrown away sooner or later. */
  private record Passing(Set<Path> kept, Set<Path> places) {
    /**
     * All that is nowhere else.
     *
     * @param kept directories that are looked at wherever they are
     */
    static Passing beside(Set<Path> kept, Path temporary) {
      Set<Path> places = new HashSet<>();
      Stream.of("/tmp", "/var/tmp", "/dev", "/run").map(Path::of).forEach(places::add);
      places.add(temporary.toAbsolutePath().normalize());
      Set<Path> own = new HashSet<>(kept);
      own.removeIf(path -> path.getNameCount() == 0 || places.contains(path));
      return new Passing(own, places);
    }

    boolean covers(Path path) {
      return kept.stream().noneMatch(path::startsWith)
          && places.stream().anyMatch(path::startsWith);
    }

    Optional<String> note(List<Path> left) {
      return left.isEmpty()
          ? Optional.empty()
          : Optional.of(
              "not looked at: new files below temporary directories, %d in all, such as %s; name"
                      .formatted(left.size(), left.get(0))
                  + " their directory with --watch if the image needs them");
    }
  }

  private static boolean lasts(Path path) {
    return !PASSING.matcher(path.toString()).matches();
  }

  private static List<String> unwatched(List<Path> watch) {
    List<String> notes = new ArrayList<>();
    for (Path path : watch) {
      if (!Files.exists(path)) {
        notes.add("--watch " + path + ": there is none, and the command made none");
      } else if (!Files.isReadable(path)) {
        notes.add("--watch " + path + ": it may not be read");
      }
    }
    return notes;
  }

  /** The directories in which the Pythons that ran look for packages; when none ran, all others. */
  private List<Path> packages(Notes notes) {
    Set<Path> directories = new LinkedHashSet<>();
    notes.started().forEach(one -> directories.addAll(one.packages()));
    return directories.isEmpty() ? packages.get() : List.copyOf(directories);
  }

  /** Files that Pythons wrote anywhere, and those that command lines name. */
  private static Set<Path> named(Seen seen) {
    Set<Path> named = new LinkedHashSet<>();
    seen.notes().written().stream()
        .filter(Path::isAbsolute)
        .map(Path::normalize)
        .forEach(named::add);
    seen.notes().ordered().forEach(one -> named.addAll(one.files()));
    seen.lines().forEach(one -> named.addAll(one.files()));
    return named;
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
    Path here = Path.of("").toAbsolutePath();
    boolean below = here.startsWith(places.home());
    return Stream.concat(
            recording.pinned().stream(), recording.derived().stream().map(Derived::path))
        .filter(path -> places.homes().values().stream().noneMatch(path::startsWith))
        // The command starts in the same directory again, also when that is below HOME.
        .filter(path -> !path.startsWith(places.home()) || (below && path.startsWith(here)))
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

  private static Seen run(RecordOptions options) {
    GuardOptions command = options.command();
    Map<String, String> environment = new TreeMap<>(command.environment());
    environment.putIfAbsent("HF_HUB_DISABLE_XET", "1");
    try (Surveillance surveillance = Surveillance.watching(environment)) {
      CommandRun run =
          CommandRun.of(
              options.output() == Output.ERROR ? toStandardError(command) : command, surveillance);
      Notes notes = notes(surveillance);
      Path here = Path.of("").toAbsolutePath();
      List<Ordered> lines = new ArrayList<>();
      lines.add(new Ordered(String.join("\n", command.command()), here, Optional.empty(), 0));
      run.members()
          .forEach(member -> lines.add(new Ordered(member.line(), here, Optional.empty(), 0)));
      List<Attempt> asked = surveillance.proxy().map(DenyProxy::attempts).orElse(List.of());
      return new Seen(
          run,
          notes,
          lines,
          surveillance.proxy().map(DenyProxy::urls).orElse(List.of()),
          hosts(asked, notes));
    }
  }

  /** The same command with a shell's redirection; it has the same process and the same code. */
  private static GuardOptions toStandardError(GuardOptions options) {
    String path = options.environment().getOrDefault("PATH", "");
    if (Executable.find(options.command().get(0), path).code() != 0) {
      return options; // why it does not start is told of itself
    }
    List<String> command = new ArrayList<>(List.of("/bin/sh", "-c", "exec \"$@\" >&2", "sh"));
    command.addAll(options.command());
    return new GuardOptions(command, options.environment(), options.allow(), options.signals());
  }

  /** What a Python asked the proxy for is known from its hook. */
  private static List<String> hosts(List<Attempt> asked, Notes notes) {
    Set<String> hooked = new HashSet<>();
    notes.attempts().forEach(one -> hooked.add(one.target()));
    Set<String> hosts = new TreeSet<>();
    asked.stream().map(Attempt::target).filter(one -> !hooked.contains(one)).forEach(hosts::add);
    return List.copyOf(hosts);
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

  private Recording matched(
      List<Path> paths, Seen seen, List<String> notes, Places places, ExecutorService hashing) {
    HubEntries hub = new HubEntries(places, hashing);
    Map<Path, NewFile> files = new LinkedHashMap<>();
    for (Path path : paths) {
      if (lasts(path) && !hub.take(path)) {
        NewFile.at(path, hashing).ifPresent(file -> files.put(path, file));
      }
    }
    List<NewModel> models = new ArrayList<>();
    List<Path> pinned = new ArrayList<>();
    List<Derived> derived = new ArrayList<>();
    List<String> names = new ArrayList<>();
    List<HubEntries.Found> repositories = hub.found();
    hub.faulty().forEach(file -> derived.add(derived(file, file.fault().orElseThrow())));
    for (HubEntries.Found found : repositories) {
      Optional<String> why = refetching.check(found.entry());
      names.add(found.name());
      if (why.isEmpty()) {
        models.add(found.entry());
        found.files().forEach(file -> pinned.add(file.path()));
      } else {
        found.files().forEach(file -> derived.add(derived(file, why.get())));
      }
    }
    List<HubEntries.Found> known =
        new CatalogEntries(places).found(mentioning(files.values()), files.values());
    for (HubEntries.Found found : known) {
      Optional<String> why = refetching.check(found.entry());
      if (why.isEmpty()) {
        models.add(found.entry());
        names.add(found.name());
        found.files().forEach(file -> pinned.add(file.path()));
      } else {
        notes.add(
            "the catalog's %s has these bytes, and is not used: %s"
                .formatted(found.name(), why.get()));
      }
    }
    pinned.forEach(files::remove);
    Matching matching = new Matching(places, refetching::fetch, names);
    matching.match(files.values(), Candidates.of(seen.notes(), seen.lines(), seen.proxied()));
    models.addAll(matching.models());
    pinned.addAll(matching.pinned());
    derived.addAll(matching.left());
    derived.sort(Comparator.comparing(Derived::path));
    return new Recording(
        0,
        Optional.empty(),
        models,
        pinned,
        derived,
        seen.hosts(),
        notes,
        seen.notes().started().size());
  }

  /** An entry that brings a file tells its name. */
  private static List<CatalogEntry> mentioning(Collection<NewFile> files) {
    Set<String> names = new HashSet<>();
    files.forEach(file -> names.add(file.name()));
    return new Catalog().mentioning(names);
  }

  private static Derived derived(NewFile file, String why) {
    return new Derived(file.path(), file.size(), why);
  }
}
