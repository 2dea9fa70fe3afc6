package dev.modelbake.guard;

import dev.modelbake.guard.Recording.Derived;
import dev.modelbake.guard.Refetching.Answer;
import dev.modelbake.guard.Refetching.Came;
import dev.modelbake.guard.Refetching.Nothing;
import dev.modelbake.manifest.NewModel;
import dev.modelbake.manifest.Setting;
import dev.modelbake.manifest.Setting.Value;
import dev.modelbake.model.Descriptor;
import dev.modelbake.model.SourceUrl;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;

/** Finds for new files the URLs that give them, by fetching each URL again. */
final class Matching {
  private final Places places;
  private final Function<SourceUrl, Answer> sources;
  private final Map<Path, NewFile> open = new TreeMap<>();
  private final Map<Path, Group> groups = new LinkedHashMap<>();
  private final Set<String> names;

  /** Why the URLs of files with these names gave none of the files. */
  private final Map<String, String> told = new HashMap<>();

  private final Set<String> sourceNames = new HashSet<>();
  private final List<Path> pinned = new ArrayList<>();

  /** A URL, and the library that asked for it when that is known. */
  record Candidate(SourceUrl url, Optional<String> library) {}

  /** Files in one directory. */
  private record Group(String name, Set<Value.Table> files) {}

  /**
   * A matching.
   *
   * @param names of models that are taken
   */
  Matching(Places places, Function<SourceUrl, Answer> sources, Collection<String> names) {
    this.places = places;
    this.sources = sources;
    this.names = new HashSet<>(names);
  }

  /** Takes the files, and asks candidates until every file has its source. */
  void match(Collection<NewFile> files, List<Candidate> candidates) {
    files.forEach(file -> open.put(file.path(), file));
    List<Candidate> left = new ArrayList<>(new LinkedHashSet<>(candidates));
    Set<SourceUrl> asked = new HashSet<>();
    while (!open.isEmpty() && !left.isEmpty()) {
      Candidate next = likeliest(left);
      left.remove(next);
      if (asked.add(next.url()) && !isKnown(next.url())) {
        accept(next, sources.apply(next.url()));
      }
    }
  }

  /** Where a redirect led has the name of what is placed already: it is not fetched once more. */
  private boolean isKnown(SourceUrl url) {
    String name = url.fileName();
    return sourceNames.contains(name)
        && open.values().stream().noneMatch(file -> file.name().equals(name));
  }

  /** The first whose name is that of a file that is still open, else an archive, else the first. */
  private Candidate likeliest(List<Candidate> left) {
    Set<String> wanted = new HashSet<>();
    open.values().forEach(file -> wanted.add(file.name()));
    return left.stream()
        .min(
            Comparator.comparing(
                (Candidate one) -> {
                  String name = one.url().fileName();
                  return wanted.contains(name) ? 0 : Refetching.format(name).isEmpty() ? 2 : 1;
                }))
        .orElseThrow();
  }

  private void accept(Candidate candidate, Answer answer) {
    String name = candidate.url().fileName();
    if (answer instanceof Came came) {
      int before = open.size();
      place(candidate, came);
      if (open.size() < before) {
        sourceNames.add(name);
      } else {
        told.putIfAbsent(name, candidate.url() + " gives other bytes: " + came.download());
      }
    } else if (answer instanceof Nothing nothing) {
      told.putIfAbsent(name, candidate.url() + ": " + nothing.why());
    }
  }

  private void place(Candidate candidate, Came came) {
    for (NewFile file : List.copyOf(open.values())) {
      if (file.is(came.download())) {
        place(candidate, file, plain(candidate.url(), came, file));
      }
    }
    Descriptor output = came.entries().get("");
    if (output != null) {
      for (NewFile file : List.copyOf(open.values())) {
        if (file.is(output)) {
          place(candidate, file, stream(candidate.url(), came, file, output));
        }
      }
    } else {
      tree(candidate, came);
    }
  }

  private void place(Candidate candidate, NewFile file, Value.Table entry) {
    group(candidate, parent(file.path()), file.path()).files().add(entry);
    done(file);
  }

  private void done(NewFile file) {
    open.remove(file.path());
    pinned.add(file.path());
  }

  private static Path parent(Path path) {
    Path parent = path.getParent();
    return parent == null ? Path.of("/") : parent;
  }

  private static List<Setting> download(SourceUrl url, Came came) {
    List<Setting> settings = new ArrayList<>();
    settings.add(Setting.of("url", url.uri().toString()));
    settings.add(Setting.of("sha256", came.download().digest().hex()));
    settings.add(Setting.of("size", came.download().size().orElseThrow()));
    return settings;
  }

  private static Value.Table plain(SourceUrl url, Came came, NewFile file) {
    List<Setting> settings = download(url, came);
    if (!file.name().equals(url.fileName())) {
      settings.add(Setting.of("path", file.name()));
    }
    return new Value.Table(settings);
  }

  private static Value.Table stream(SourceUrl url, Came came, NewFile file, Descriptor output) {
    List<Setting> settings = download(url, came);
    settings.add(Setting.of("path", file.name()));
    settings.add(Setting.of("unpack", came.format()));
    settings.add(new Setting("unpacked", pins(output)));
    return new Value.Table(settings);
  }

  private static Value.Table pins(Descriptor descriptor) {
    return new Value.Table(
        List.of(
            Setting.of("sha256", descriptor.digest().hex()),
            Setting.of("size", descriptor.size().orElseThrow())));
  }

  /** Where the members of an archive were put. */
  private record Root(Path directory, int strip) {}

  private void tree(Candidate candidate, Came came) {
    Map<Root, Map<String, NewFile>> roots = new LinkedHashMap<>();
    for (NewFile file : open.values()) {
      came.entries()
          .forEach(
              (member, descriptor) -> {
                if (file.is(descriptor)) {
                  root(file.path(), member)
                      .ifPresent(
                          root ->
                              roots
                                  .computeIfAbsent(root, one -> new TreeMap<>())
                                  .put(stripped(member, root.strip()), file));
                }
              });
    }
    roots.entrySet().stream()
        .sorted(Comparator.comparing(entry -> -entry.getValue().size()))
        .forEach(entry -> tree(candidate, came, entry.getKey(), entry.getValue()));
  }

  private void tree(Candidate candidate, Came came, Root root, Map<String, NewFile> members) {
    members.values().removeIf(file -> !open.containsKey(file.path()));
    if (members.isEmpty()) {
      return;
    }
    List<Setting> settings = download(candidate.url(), came);
    settings.add(Setting.of("unpack", came.format()));
    if (root.strip() > 0) {
      settings.add(Setting.of("strip", root.strip()));
    }
    List<Value.Table> pins = new ArrayList<>();
    members.forEach(
        (path, file) ->
            pins.add(
                new Value.Table(
                    List.of(
                        Setting.of("path", path),
                        Setting.of("sha256", file.sha256().hex()),
                        Setting.of("size", file.size())))));
    settings.add(new Setting("members", new Value.Items(pins)));
    Path first = members.values().iterator().next().path();
    group(candidate, root.directory(), first).files().add(new Value.Table(settings));
    members.values().forEach(this::done);
  }

  /** The longest end of a member's path that the file's path has too; its name at least. */
  static Optional<Root> root(Path file, String member) {
    Path inside = Path.of(member);
    for (int strip = 0; strip < inside.getNameCount(); strip++) {
      Path kept = inside.subpath(strip, inside.getNameCount());
      if (file.endsWith(kept)) {
        Path root = file;
        for (int i = 0; i < kept.getNameCount(); i++) {
          root = parent(root);
        }
        return Optional.of(new Root(root, strip));
      }
    }
    return Optional.empty();
  }

  private static String stripped(String member, int strip) {
    Path inside = Path.of(member);
    return inside.subpath(strip, inside.getNameCount()).toString();
  }

  private Group group(Candidate candidate, Path directory, Path file) {
    return groups.computeIfAbsent(
        directory,
        one ->
            new Group(
                name(candidate.library().orElse(lastName(directory)), file),
                new LinkedHashSet<>()));
  }

  private static String lastName(Path directory) {
    return String.valueOf(directory.getFileName());
  }

  /** A name that no other model has, such as {@code rapidocr/ch_PP-OCRv4_det_infer}. */
  private String name(String library, Path file) {
    String stem = lastName(file).replaceFirst("\\..*", "");
    String base = word(library) + "/" + word(stem);
    String name = base;
    for (int i = 2; !names.add(name); i++) {
      name = base + "-" + i;
    }
    return name;
  }

  private static String word(String text) {
    String word = text.replaceAll("[^A-Za-z0-9._-]+", "-").replaceAll("^[._-]+|[._-]+$", "");
    return word.isEmpty() ? "model" : word;
  }

  /** The models, one for each directory. */
  List<NewModel> models() {
    List<NewModel> models = new ArrayList<>();
    groups.forEach(
        (directory, group) ->
            models.add(
                new NewModel(
                    List.of(
                        Setting.of("name", group.name()),
                        Setting.of("dir", places.template(directory))),
                    List.copyOf(group.files()))));
    return models;
  }

  /** The files that have a source now. */
  List<Path> pinned() {
    return List.copyOf(pinned);
  }

  /** The files that have none, and what a URL with their name gave instead. */
  List<Derived> left() {
    return open.values().stream()
        .map(file -> new Derived(file.path(), file.size(), why(file)))
        .toList();
  }

  private String why(NewFile file) {
    if (file.fault().isPresent()) {
      return file.fault().get();
    }
    if (file.size() == 0) {
      return "it is empty";
    }
    return told.getOrDefault(file.name(), "no URL that was seen gives these bytes");
  }
}
