package dev.modelbake.publish;

import dev.modelbake.model.Target;
import dev.modelbake.store.Blob;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Something assembled in staging that one rename puts at its place.
 *
 * @param name of the planned file or directory it belongs to; for a directory, the first of them
 * @param goal where that goes, with its owner and modes
 * @param staged where it was assembled
 * @param target its final place
 * @param ancestor the existing directory in which it is staged
 * @param blob the bytes of a regular file
 */
record Part(
    String name,
    Target.Resolved goal,
    Path staged,
    Path target,
    Path ancestor,
    Optional<Blob> blob) {
  /** The same part, assembled elsewhere. */
  Part with(Path otherStaged, Path otherAncestor) {
    return new Part(name, goal, otherStaged, target, otherAncestor, blob);
  }
}
