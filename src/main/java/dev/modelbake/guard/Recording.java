package dev.modelbake.guard;

import dev.modelbake.manifest.NewModel;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What a command downloaded.
 *
 * @param exit the command's own code
 * @param fault why the command did not start
 * @param models for a manifest, every pin of which was checked by fetching it again
 * @param pinned the files that these bring
 * @param derived files that no source gave: made by the command, or not found again
 * @param hosts that programs other than Python asked for through the proxy
 * @param notes on what was not looked at, for people
 * @param pythons in which the hook started
 */
public record Recording(
    int exit,
    Optional<String> fault,
    List<NewModel> models,
    List<Path> pinned,
    List<Derived> derived,
    List<String> hosts,
    List<String> notes,
    int pythons) {
  public Recording {
    models = List.copyOf(models);
    pinned = List.copyOf(pinned);
    derived = List.copyOf(derived);
    hosts = List.copyOf(hosts);
    notes = List.copyOf(notes);
  }

  /** A file that is not pinned, and why. */
  public record Derived(Path path, long size, String why) {}
}
