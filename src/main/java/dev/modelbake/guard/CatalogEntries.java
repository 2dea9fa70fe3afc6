package dev.modelbake.guard;

import dev.modelbake.catalog.CatalogEntry;
import dev.modelbake.manifest.NewModel;
import dev.modelbake.manifest.Setting;
import dev.modelbake.model.Descriptor;
import dev.modelbake.model.Model;
import dev.modelbake.model.ModelFile;
import dev.modelbake.model.Unpacking;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Models of the shipped catalog whose every file is among the new ones. */
final class CatalogEntries {
  private final Places places;

  CatalogEntries(Places places) {
    this.places = places;
  }

  /** The entries that these files make, each file in one of them at most. */
  List<HubEntries.Found> found(List<CatalogEntry> catalog, Collection<NewFile> files) {
    List<NewFile> left = new ArrayList<>(files);
    List<HubEntries.Found> found = new ArrayList<>();
    for (CatalogEntry entry : catalog) {
      of(entry.model(), left)
          .ifPresent(
              one -> {
                found.add(one);
                left.removeAll(one.files());
              });
    }
    return found;
  }

  private Optional<HubEntries.Found> of(Model model, Collection<NewFile> files) {
    if (model.hub().isPresent() || model.files().isEmpty()) {
      return Optional.empty();
    }
    Map<String, Descriptor> wanted = new LinkedHashMap<>();
    for (ModelFile file : model.files()) {
      if (!add(file, wanted)) {
        return Optional.empty();
      }
    }
    List<NewFile> members = new ArrayList<>();
    Optional<Path> root = Optional.empty();
    for (Map.Entry<String, Descriptor> one : wanted.entrySet()) {
      Optional<NewFile> file =
          files.stream()
              .filter(each -> each.path().endsWith(one.getKey()))
              .filter(each -> each.is(one.getValue()))
              .findFirst();
      Optional<Path> directory = file.flatMap(each -> above(each.path(), one.getKey()));
      if (directory.isEmpty() || (root.isPresent() && !root.equals(directory))) {
        return Optional.empty();
      }
      root = directory;
      members.add(file.orElseThrow());
    }
    return root.map(directory -> entry(model, directory, members));
  }

  /** What a file becomes; false when its pins do not say. */
  private static boolean add(ModelFile file, Map<String, Descriptor> wanted) {
    Unpacking unpacking = file.unpacking();
    if (unpacking instanceof Unpacking.Stream stream && stream.output().isPresent()) {
      wanted.put(file.path(), stream.output().get());
      return true;
    }
    if (unpacking instanceof Unpacking.Tree tree
        && tree.pin() instanceof Unpacking.TreePin.Members members) {
      members
          .members()
          .forEach(
              one ->
                  wanted.put(
                      file.path().isEmpty() ? one.path() : file.path() + "/" + one.path(),
                      one.descriptor()));
      return true;
    }
    Optional<Descriptor> pin = file.pin();
    pin.ifPresent(descriptor -> wanted.put(file.path(), descriptor));
    return unpacking instanceof Unpacking.None && pin.isPresent();
  }

  private static Optional<Path> above(Path file, String path) {
    Path directory = file;
    for (int i = 0; i < Path.of(path).getNameCount() && directory != null; i++) {
      directory = directory.getParent();
    }
    return Optional.ofNullable(directory);
  }

  private HubEntries.Found entry(Model model, Path directory, List<NewFile> files) {
    List<Setting> keys = new ArrayList<>();
    keys.add(Setting.of("catalog", model.name()));
    String dir = places.template(directory);
    // Libraries without a place of their own are told one.
    if (!model.dir().map(own -> own.value()).equals(Optional.of(dir))) {
      keys.add(Setting.of("dir", dir));
    }
    return new HubEntries.Found(model.name(), new NewModel(keys, List.of()), files);
  }
}
