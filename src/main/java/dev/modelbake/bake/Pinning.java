package dev.modelbake.bake;

import dev.modelbake.catalog.Catalog;
import dev.modelbake.manifest.ManifestEditor;
import dev.modelbake.manifest.ManifestReader;
import dev.modelbake.model.Manifest;
import dev.modelbake.model.ManifestException;
import dev.modelbake.model.Model;
import dev.modelbake.model.Plan;
import dev.modelbake.model.Problem;
import dev.modelbake.pin.Change;
import dev.modelbake.pin.Pin;
import dev.modelbake.pin.Pinner;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Pins the text of one manifest. */
record Pinning(Pinner pinner, Function<Manifest, Plan> planner) {
  /**
   * Finds and writes what is missing.
   *
   * @throws dev.modelbake.model.BakeException if anything that is missing cannot be found out
   */
  PinReport pin(String source, Optional<Path> directory, String text) {
    Manifest first = read(source, directory, text);
    List<Pin> revisions = pinner.revisions(first);
    String listed = edit(source, text, revisions);
    Manifest second = revisions.isEmpty() ? first : read(source, directory, listed);
    List<Pin> files = pinner.files(second, planner.apply(second));
    String pinned = edit(source, listed, files);
    read(source, directory, pinned);
    List<Pin> pins = new ArrayList<>(revisions);
    pins.addAll(files);
    return new PinReport(pinned, pins, unpinnedReferences(second));
  }

  /** Tells what upstream changed; edits nothing. */
  List<Change> check(String source, Optional<Path> directory, String text) {
    Manifest manifest = read(source, directory, text);
    return pinner.changes(manifest, planner.apply(manifest));
  }

  private static Manifest read(String source, Optional<Path> directory, String text) {
    try {
      return ManifestReader.read(source, directory, text, new Catalog()).manifests().get(0);
    } catch (ManifestException e) {
      // What warnings say is what pinning is about.
      throw new ManifestException(
          e.problems().stream().filter(one -> one.severity() == Problem.Severity.ERROR).toList());
    }
  }

  private static String edit(String source, String text, List<Pin> pins) {
    if (pins.isEmpty()) {
      return text;
    }
    ManifestEditor editor = new ManifestEditor(source, text);
    pins.forEach(
        pin ->
            editor.set(
                pin.at(), pin.path(), pin.settings(), Optional.of(pin.evidence().comment())));
    return editor.text();
  }

  private static List<String> unpinnedReferences(Manifest manifest) {
    return manifest.models().stream()
        .filter(model -> model.catalog().isPresent())
        .filter(model -> model.files().stream().anyMatch(file -> file.pin().isEmpty()))
        .map(Model::name)
        .toList();
  }
}
