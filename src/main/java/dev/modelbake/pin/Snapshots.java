package dev.modelbake.pin;

import dev.modelbake.hub.Hub;
import dev.modelbake.hub.HubFile;
import dev.modelbake.hub.Snapshot;
import dev.modelbake.model.HubRepository;
import dev.modelbake.model.Location;
import dev.modelbake.model.ManifestException;
import dev.modelbake.model.Problem;
import dev.modelbake.model.Suggestion;
import dev.modelbake.model.Text;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What the hub said of each revision, asked once. */
final class Snapshots {
  private static final String DEFAULT_BRANCH = "main";

  private final Hub hub;
  private final Map<String, Snapshot> known = new HashMap<>();

  Snapshots(Hub hub) {
    this.hub = hub;
  }

  /** The revision that the manifest names. */
  Snapshot of(HubRepository repository) {
    return known.computeIfAbsent(
        repository.kind() + " " + repository.id() + " " + repository.revision().value(),
        key -> hub.snapshot(repository));
  }

  /** What the branch or tag of the manifest is now; the default branch when it names none. */
  Snapshot latest(HubRepository repository) {
    Text branch = new Text(repository.ref().orElse(DEFAULT_BRANCH), repository.revision().at());
    return of(new HubRepository(repository.kind(), repository.id(), branch, repository.ref()));
  }

  /**
   * One file of a snapshot.
   *
   * @throws ManifestException if there is none
   */
  static HubFile file(Snapshot snapshot, String path, Location at) {
    List<String> paths = snapshot.files().stream().map(HubFile::path).toList();
    return snapshot.files().stream()
        .filter(file -> file.path().equals(path))
        .findFirst()
        .orElseThrow(
            () ->
                new ManifestException(
                    List.of(
                        Problem.error(
                            at,
                            "hub-path",
                            "%s has no file %s at %s"
                                .formatted(snapshot.repository().id(), path, snapshot.commit()),
                            Suggestion.closest(path, paths)
                                .map("did you mean %s?"::formatted)
                                .orElse("correct the path")))));
  }
}
