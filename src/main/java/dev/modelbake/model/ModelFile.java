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
 * @param mode overrides the model's
 */
public record ModelFile(
    Location at,
    String path,
    List<Text> sources,
    Optional<Descriptor> pin,
    Unpacking unpacking,
    Optional<FileMode> mode) {
  public ModelFile {
    sources = List.copyOf(sources);
  }
}
