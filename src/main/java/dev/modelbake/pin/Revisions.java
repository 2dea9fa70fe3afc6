package dev.modelbake.pin;

import dev.modelbake.hub.HubFile;
import dev.modelbake.hub.Snapshot;
import dev.modelbake.manifest.Setting;
import dev.modelbake.manifest.Setting.Value;
import dev.modelbake.model.HubRepository;
import dev.modelbake.model.Manifest;
import dev.modelbake.model.ManifestException;
import dev.modelbake.model.Model;
import dev.modelbake.model.Problem;
import dev.modelbake.pin.Pin.Evidence;
import java.util.ArrayList;
import java.util.List;

/** Finds the commits of hub repositories, and the files of those which list none. */
final class Revisions {
  private static final String GIT_ATTRIBUTES = ".gitattributes";

  private final Snapshots snapshots;
  private final PinOptions options;

  Revisions(Snapshots snapshots, PinOptions options) {
    this.snapshots = snapshots;
    this.options = options;
  }

  /** Pins of one manifest. */
  List<Pin> of(Manifest manifest) {
    List<Pin> pins = new ArrayList<>();
    for (Model model : manifest.models()) {
      if (model.hub().isPresent() && model.catalog().isEmpty()) {
        pins.addAll(of(model, model.hub().get()));
      }
    }
    return pins;
  }

  private List<Pin> of(Model model, HubRepository repository) {
    boolean repinned = options.isRepinned(model.name());
    boolean listed = !model.files().isEmpty() || !model.dirs().isEmpty();
    if (repository.isPinned() && listed && !repinned) {
      return List.of();
    }
    Snapshot snapshot = repinned ? snapshots.latest(repository) : snapshots.of(repository);
    List<Pin> pins = new ArrayList<>();
    if (!snapshot.commit().equals(repository.revision().value())) {
      List<Setting> settings = new ArrayList<>();
      settings.add(Setting.of("revision", snapshot.commit()));
      if (repository.ref().isEmpty() && !repository.isPinned()) {
        settings.add(Setting.of("ref", repository.revision().value()));
      }
      pins.add(
          new Pin(model.name(), model.at(), List.of("huggingface"), settings, Evidence.METADATA));
    }
    if (!listed) {
      Value files = new Value.Items(files(model, snapshot));
      pins.add(
          new Pin(
              model.name(),
              model.at(),
              List.of(),
              List.of(new Setting("files", files)),
              Evidence.METADATA));
    }
    return pins;
  }

  private List<Value.Table> files(Model model, Snapshot snapshot) {
    List<Value.Table> files =
        snapshot.files().stream()
            .filter(file -> !file.path().equals(GIT_ATTRIBUTES))
            .filter(file -> options.isIncluded(file.path()))
            .map(Revisions::entry)
            .toList();
    if (files.isEmpty()) {
      throw new ManifestException(
          List.of(
              Problem.error(
                  model.at(),
                  "no-files",
                  "the repository %s has no file that is meant"
                      .formatted(snapshot.repository().id()),
                  "widen --include")));
    }
    return files;
  }

  private static Value.Table entry(HubFile file) {
    List<Setting> settings = new ArrayList<>();
    settings.add(Setting.of("path", file.path()));
    file.lfsSha256().ifPresent(sha256 -> settings.add(Setting.of("sha256", sha256.hex())));
    settings.add(Setting.of("size", file.size()));
    if (file.lfsSha256().isPresent()) {
      settings.add(new Setting("lfs", new Value.Flag(true)));
    }
    return new Value.Table(settings);
  }
}
