package dev.modelbake.model;

import java.util.List;
import java.util.Optional;

/**
 * One of several downloads which are a file when put behind each other.
 *
 * @param sources URLs in order: {@code url}, then {@code mirrors}
 * @param pin absent when the part has no {@code sha256} yet
 * @param hints what is known whether or not there is a pin
 */
public record FilePart(Location at, List<Text> sources, Optional<Descriptor> pin, Hints hints) {
  public FilePart {
    sources = List.copyOf(sources);
  }
}
