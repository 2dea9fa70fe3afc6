package dev.modelbake.model;

import java.util.List;
import java.util.Optional;

/**
 * One file of a model.
 *
 * @param at the entry's place
 * @param path below the model's directory, normalised; for a tree the directory it fills, empty for
 *     the model's directory itself
 * @param sources URLs in order: {@code url}, then {@code mirrors}
 * @param pin absent when the file has no {@code sha256} yet
 * @param hints what is known whether or not there is a pin
 * @param parts downloads to put behind each other, in place of sources
 * @param also further places for the same bytes
 * @param lfs whether the hub keeps the file in git-lfs, which decides its name in the cache
 * @param mode overrides the model's
 */
public record ModelFile(
    Location at,
    String path,
    List<Text> sources,
    Optional<Descriptor> pin,
    Hints hints,
    List<FilePart> parts,
    Unpacking unpacking,
    List<Place> also,
    boolean lfs,
    Optional<FileMode> mode) {
  public ModelFile {
    parts = List.copyOf(parts);
    also = List.copyOf(also);
    sources = List.copyOf(sources);
  }

  /** The paths of the files that it becomes; of an archive without listed members its own. */
  public List<String> placed() {
    return unpacking instanceof Unpacking.Tree tree
            && tree.pin() instanceof Unpacking.TreePin.Members members
        ? members.members().stream().map(Unpacking.Member::path).toList()
        : List.of(path);
  }
}
