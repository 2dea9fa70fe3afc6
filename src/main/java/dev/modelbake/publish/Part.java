package dev.modelbake.publish;

import dev.modelbake.model.PlannedFile;
import dev.modelbake.store.Blob;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Something assembled in staging that one rename puts at its place.
 *
 * @param file the planned file it belongs to; for a directory, the first of them
 * @param staged where it was assembled
 * @param target its final place
 * @param ancestor the existing directory in which it is staged
 * @param blob the bytes of a regular file
 */
record Part(PlannedFile file, Path staged, Path target, Path ancestor, Optional<Blob> blob) {
  /** The same part, assembled elsewhere. */
  Part with(Path otherStaged, Path otherAncestor) {
    return new Part(file, otherStaged, target, otherAncestor, blob);
  }
}
