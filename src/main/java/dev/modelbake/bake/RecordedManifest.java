package dev.modelbake.bake;

import dev.modelbake.catalog.Catalog;
import dev.modelbake.manifest.Addition;
import dev.modelbake.manifest.ManifestFile;
import dev.modelbake.manifest.ManifestReader;
import dev.modelbake.manifest.NewManifest;
import dev.modelbake.manifest.NewModel;
import dev.modelbake.manifest.Setting;
import dev.modelbake.model.HubRepository;
import dev.modelbake.model.Manifest;
import dev.modelbake.model.Model;
import dev.modelbake.model.ModelFile;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A manifest that recorded models become, or are added to.
 *
 * @param existing what they are added to
 */
record RecordedManifest(Optional<ManifestFile> existing) {
  /** The whole text; it can be read, or an exception says what of it is wrong. */
  String with(List<NewModel> models) {
    String text = existing.isPresent() ? added(existing.get(), models) : fresh(models);
    read(existing.map(ManifestFile::source).orElse("the recorded manifest"), text);
    return text;
  }

  /**
   * Finds out, before there is anything to add, whether the existing text is right and can be added
   * to.
   */
  void check() {
    existing.ifPresent(
        file -> {
          read(file.source(), file.text());
          Setting any = Setting.of("name", "any");
          Addition.to(file.text(), List.of(new NewModel(List.of(any), List.of())));
        });
  }

  private static String fresh(List<NewModel> models) {
    return NewManifest.head()
        + models.stream().map(model -> model.text("  ")).collect(Collectors.joining("\n"));
  }

  private static String added(ManifestFile file, List<NewModel> models) {
    Manifest known = read(file.source(), file.text());
    List<NewModel> missing =
        models.stream()
            .filter(
                model ->
                    !isThere(
                        known,
                        read("recording", NewManifest.head() + model.text("  ")).models().get(0)))
            .toList();
    Set<String> names = known.models().stream().map(Model::name).collect(Collectors.toSet());
    return Addition.to(file.text(), missing.stream().map(model -> renamed(model, names)).toList());
  }

  /** The same under a name that is not taken yet; whoever has one from elsewhere keeps it. */
  private static NewModel renamed(NewModel model, Set<String> taken) {
    List<Setting> keys = new ArrayList<>();
    for (Setting key : model.keys()) {
      keys.add(
          key.key().equals("name") && key.value() instanceof Setting.Value.Text name
              ? Setting.of("name", free(name.text(), taken))
              : key);
    }
    return new NewModel(keys, model.files());
  }

  private static String free(String name, Set<String> taken) {
    String free = name;
    for (int i = 2; !taken.add(free); i++) {
      free = name + "-" + i;
    }
    return free;
  }

  private static boolean isThere(Manifest known, Model model) {
    return known.models().stream().anyMatch(one -> covers(one, model));
  }

  /** Whether a model has every download of another, or is the same of hub or catalog. */
  private static boolean covers(Model known, Model model) {
    if (model.hub().isPresent()) {
      return known
              .hub()
              .map(RecordedManifest::commit)
              .equals(model.hub().map(RecordedManifest::commit))
          && paths(known).containsAll(paths(model));
    }
    if (model.catalog().isPresent() && known.name().equals(model.name())) {
      return true;
    }
    return pins(known).containsAll(pins(model))
        && known.dir().isPresent()
        && known.dir().get().value().equals(model.dir().map(text -> text.value()).orElse(""));
  }

  private static String commit(HubRepository hub) {
    return hub.kind() + " " + hub.id() + " " + hub.revision().value();
  }

  private static Set<String> paths(Model model) {
    return model.files().stream().map(ModelFile::path).collect(Collectors.toSet());
  }

  private static Set<String> pins(Model model) {
    return model.files().stream()
        .flatMap(file -> file.pin().stream())
        .map(pin -> pin.digest().toString())
        .collect(Collectors.toSet());
  }

  private static Manifest read(String source, String text) {
    return ManifestReader.read(source, Optional.empty(), text, new Catalog()).manifests().get(0);
  }
}
