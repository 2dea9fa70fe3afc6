package dev.modelbake.pin;

import dev.modelbake.model.NameGlob;
import java.util.List;

/**
 * What a caller decides about pinning.
 *
 * @param repin globs over the names of models whose pins are found anew; empty for none
 * @param include globs over paths of a hub's repository that lists no files yet; empty for all
 */
public record PinOptions(List<String> repin, List<String> include) {
  public PinOptions {
    repin = List.copyOf(repin);
    include = List.copyOf(include);
  }

  boolean isRepinned(String model) {
    return repin.stream().anyMatch(glob -> new NameGlob(glob).predicate().test(model));
  }

  boolean isIncluded(String path) {
    return include.isEmpty()
        || include.stream().anyMatch(glob -> new NameGlob(glob).predicate().test(path));
  }
}
