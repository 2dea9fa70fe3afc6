package dev.modelbake.bake;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * How a mirror is made.
 *
 * @param from directories in which bytes are looked for before anything is fetched: stores, baked
 *     trees, caches
 * @param name of the mirror; else that of the mirror that is there, else {@code models}
 * @param counter of its index; else one more than the last, when anything changed
 * @param tool the directory, or jar, of the program that is to travel with it
 */
public record MirrorOptions(
    List<Path> from, Optional<String> name, OptionalLong counter, Optional<Path> tool) {
  /** Everything as it comes. */
  public static final MirrorOptions DEFAULT =
      new MirrorOptions(List.of(), Optional.empty(), OptionalLong.empty(), Optional.empty());

  public MirrorOptions {
    from = List.copyOf(from);
  }
}
