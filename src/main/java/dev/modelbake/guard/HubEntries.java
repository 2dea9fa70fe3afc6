package dev.modelbake.guard;

import dev.modelbake.manifest.NewModel;
import dev.modelbake.manifest.Setting;
import dev.modelbake.manifest.Setting.Value;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * New files in caches of the Hugging Face hub, by repository and commit: the path of a snapshot
 * says where each comes from.
 */
final class HubEntries {
  private static final Pattern CACHED =
      Pattern.compile("(.*)/((model|dataset|space)s--[^/]+)/(?:snapshots/([0-9a-f]{40})/(.+)|.*)");
  private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");
  private static final int MOST_REF = 100;
  private static final int SHORT_COMMIT = 7;

  private final Map<Repository, Map<String, NewFile>> files = new LinkedHashMap<>();
  private final Places places;
  private final ExecutorService hashing;

  /** Files that no manifest can pin. */
  private final List<NewFile> faulty = new ArrayList<>();

  private final Set<String> names = new HashSet<>();

  /** One repository at one commit in one cache. */
  private record Repository(Path cache, String folder, String kind, String commit) {
    String id() {
      return folder.substring((kind + "s--").length()).replaceFirst("--", "/");
    }

    /** For a model's name: more than its id where another commit, kind or cache has that. */
    Stream<String> names() {
      String at = id() + "@" + commit.substring(0, SHORT_COMMIT);
      return Stream.concat(
          Stream.of(id(), at, at + "-" + kind),
          IntStream.iterate(2, i -> i + 1).mapToObj(i -> at + "-" + kind + "-" + i));
    }

    Path directory() {
      return cache.resolve(folder);
    }
  }

  /**
   * An entry of a manifest and what it brings.
   *
   * @param entry for the manifest
   */
  record Found(String name, NewModel entry, List<NewFile> files) {}

  /**
   * No files yet.
   *
   * @param hashing for those that are taken
   */
  HubEntries(Places places, ExecutorService hashing) {
    this.places = places;
    this.hashing = hashing;
  }

  /** Takes a file when it lies in such a cache, as whatever part of it. */
  boolean take(Path path) {
    Matcher cached = CACHED.matcher(path.toString());
    if (!cached.matches() || !NewFile.isNameable(path)) {
      return false;
    }
    if (cached.group(4) != null) {
      Repository repository =
          new Repository(
              Path.of(cached.group(1)), cached.group(2), cached.group(3), cached.group(4));
      NewFile.at(path, hashing)
          .ifPresent(
              file ->
                  files
                      .computeIfAbsent(repository, one -> new TreeMap<>())
                      .put(cached.group(5), file));
    }
    return true;
  }

  /** The entries, each with a name of its own. */
  List<Found> found() {
    List<Found> found = new ArrayList<>();
    files.forEach(
        (repository, paths) -> {
          paths.values().stream().filter(file -> file.fault().isPresent()).forEach(faulty::add);
          paths.values().removeAll(faulty);
          if (!paths.isEmpty()) {
            String name = repository.names().filter(names::add).findFirst().orElseThrow();
            found.add(found(name, repository, paths));
          }
        });
    return found;
  }

  /** Files of {@link #found} repositories that cannot be pinned, whatever their sources give. */
  List<NewFile> faulty() {
    return List.copyOf(faulty);
  }

  private Found found(String name, Repository repository, Map<String, NewFile> paths) {
    List<Setting> hub = new ArrayList<>();
    hub.add(Setting.of("repo", repository.id()));
    if (!repository.kind().equals("model")) {
      hub.add(Setting.of("type", repository.kind()));
    }
    hub.add(Setting.of("revision", repository.commit()));
    ref(repository).ifPresent(ref -> hub.add(Setting.of("ref", ref)));
    List<Setting> keys = new ArrayList<>();
    keys.add(Setting.of("name", name));
    keys.add(new Setting("huggingface", new Value.Table(hub)));
    String dir = places.template(repository.cache());
    if (!dir.equals("${HF_HUB_CACHE}")) {
      keys.add(Setting.of("dir", dir));
    }
    keys.add(new Setting("env", new Value.Table(List.of(Setting.of("HF_HUB_OFFLINE", "1")))));
    List<Value.Table> entries = new ArrayList<>();
    paths.forEach((path, file) -> entries.add(entry(path, file)));
    return new Found(name, new NewModel(keys, entries), List.copyOf(paths.values()));
  }

  private static Value.Table entry(String path, NewFile file) {
    List<Setting> settings = new ArrayList<>();
    settings.add(Setting.of("path", path));
    settings.add(Setting.of("sha256", file.sha256().hex()));
    settings.add(Setting.of("size", file.size()));
    if (isLarge(file.path())) {
      settings.add(new Setting("lfs", new Value.Flag(true)));
    }
    return new Value.Table(settings);
  }

  /** The blob of a file in git-lfs is named by its SHA-256. */
  private static boolean isLarge(Path pointer) {
    try {
      return Files.isSymbolicLink(pointer)
          && SHA256
              .matcher(String.valueOf(Files.readSymbolicLink(pointer).getFileName()))
              .matches();
    } catch (IOException e) {
      return false;
    }
  }

  /** The branch or tag that the cache resolves to the commit. */
  private static Optional<String> ref(Repository repository) {
    Path refs = repository.directory().resolve("refs");
    try (Stream<Path> all = Files.walk(refs)) {
      return all.filter(Files::isRegularFile)
          .filter(file -> says(file, repository.commit()))
          .map(file -> refs.relativize(file).toString())
          .min(
              Comparator.comparing((String name) -> !name.equals("main"))
                  .thenComparing(name -> name));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static boolean says(Path file, String commit) {
    try {
      return Files.size(file) < MOST_REF
          && Files.readString(file, StandardCharsets.ISO_8859_1).strip().equals(commit);
    } catch (IOException e) {
      return false;
    }
  }
}
