package dev.modelbake.pin;

import dev.modelbake.fetch.Fetcher;
import dev.modelbake.hub.Hub;
import dev.modelbake.hub.Snapshot;
import dev.modelbake.model.BakeException;
import dev.modelbake.model.Candidate;
import dev.modelbake.model.ContradictionException;
import dev.modelbake.model.FailureKind;
import dev.modelbake.model.HubRepository;
import dev.modelbake.model.Location;
import dev.modelbake.model.Manifest;
import dev.modelbake.model.Model;
import dev.modelbake.model.ModelFile;
import dev.modelbake.model.Plan;
import dev.modelbake.model.PlannedFile;
import dev.modelbake.store.Blob;
import dev.modelbake.store.BlobStore;
import dev.modelbake.store.TemporaryDirectory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/** Finds out what is missing of the pins of a manifest, or what has changed upstream. */
public final class Pinner {
  private final Fetcher fetcher;
  private final Snapshots snapshots;
  private final PinOptions options;
  private final Path temporary;

  /**
   * A pinner.
   *
   * @param temporary an existing directory for downloads, which are removed after each file
   */
  public Pinner(Fetcher fetcher, Hub hub, PinOptions options, Path temporary) {
    this.fetcher = fetcher;
    this.snapshots = new Snapshots(hub);
    this.options = options;
    this.temporary = temporary;
  }

  /**
   * Commits of repositories of the hub, and the files of those that list none. They are written
   * first: the pins of files depend on them.
   *
   * @throws BakeException if the hub does not tell
   */
  public List<Pin> revisions(Manifest manifest) {
    return new Revisions(snapshots, options).of(manifest);
  }

  /**
   * What is missing of the pins of files.
   *
   * @param plan of the manifest, for its sources
   * @throws BakeException if a source does not give a file, or something contradicts
   */
  public List<Pin> files(Manifest manifest, Plan plan) {
    Map<Location, PlannedFile> planned = byPlace(plan);
    List<Pin> pins = new ArrayList<>();
    for (Model model : own(manifest)) {
      boolean anew = options.isRepinned(model.name());
      for (ModelFile file : model.files()) {
        PlannedFile place = planned.get(file.at());
        if (place != null) { // a repetition of another entry is not planned
          pins.addAll(
              inStaging(
                  staging ->
                      new FilePinner(fetcher, snapshots, staging).pin(model, file, place, anew)));
        }
      }
    }
    return pins;
  }

  /** What is not any more as it is pinned. */
  public List<Change> changes(Manifest manifest, Plan plan) {
    Map<Location, PlannedFile> planned = byPlace(plan);
    List<Change> changes = new ArrayList<>();
    for (Model model : own(manifest)) {
      model.hub().filter(HubRepository::isPinned).ifPresent(hub -> moved(model, hub, changes));
      for (ModelFile file : model.files()) {
        PlannedFile place = planned.get(file.at());
        if (file.pin().isPresent() && place != null) {
          inStaging(
              staging -> {
                content(model, file, place, staging, changes);
                return List.<Pin>of();
              });
        }
      }
    }
    return changes;
  }

  private void moved(Model model, HubRepository hub, List<Change> changes) {
    Snapshot latest = snapshots.latest(hub);
    if (!latest.commit().equals(hub.revision().value())) {
      changes.add(
          new Change(
              model.name(),
              Change.Kind.NEWER,
              "%s is at %s, %s is pinned"
                  .formatted(hub.ref().orElse("main"), latest.commit(), hub.revision().value())));
    }
  }

  /** For files in git-lfs the hub's word is enough; others are fetched again. */
  private void content(
      Model model, ModelFile file, PlannedFile planned, BlobStore staging, List<Change> changes) {
    String pinned = file.pin().orElseThrow().digest().toString();
    try {
      if (model.hub().isPresent() && file.lfs()) {
        Snapshots.file(snapshots.of(model.hub().get()), file.path(), file.at())
            .lfsSha256()
            .filter(sha256 -> !sha256.toString().equals(pinned))
            .ifPresent(
                sha256 ->
                    changes.add(
                        new Change(
                            planned.name(),
                            Change.Kind.CONTENT,
                            "%s is pinned, the hub says %s".formatted(pinned, sha256))));
        return;
      }
      for (Candidate candidate : planned.candidates().stream().limit(1).toList()) {
        Blob blob = fetcher.firstSight(planned, OptionalLong.empty(), List.of(), staging).blob();
        if (!blob.descriptor().digest().toString().equals(pinned)) {
          changes.add(
              new Change(
                  planned.name(),
                  Change.Kind.CONTENT,
                  "%s is pinned, %s gives %s".formatted(pinned, candidate, blob.descriptor())));
        }
      }
    } catch (BakeException e) {
      if (e.kind() == FailureKind.INTERRUPTED || e instanceof ContradictionException) {
        throw e;
      }
      changes.add(new Change(planned.name(), Change.Kind.UNKNOWN, e.explanation().happened()));
    }
  }

  /** Models written out in the manifest itself: what stands in the catalog is not ours to edit. */
  private static List<Model> own(Manifest manifest) {
    return manifest.models().stream().filter(model -> model.catalog().isEmpty()).toList();
  }

  /** The first of the planned files of each entry: all have the same bytes. */
  private static Map<Location, PlannedFile> byPlace(Plan plan) {
    Map<Location, PlannedFile> files = new HashMap<>();
    plan.files().forEach(file -> files.putIfAbsent(file.at(), file));
    return files;
  }

  /** Work on downloads that nobody needs afterwards. */
  private interface Work {
    List<Pin> in(BlobStore staging);
  }

  private List<Pin> inStaging(Work work) {
    return TemporaryDirectory.during(
        temporary, "modelbake-pin-", directory -> work.in(BlobStore.staging(directory)));
  }
}
