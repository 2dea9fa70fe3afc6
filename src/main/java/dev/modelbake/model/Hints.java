package dev.modelbake.model;

import java.util.List;
import java.util.OptionalLong;

/**
 * What a manifest says of bytes beside their SHA-256. It pins nothing by itself, and must hold when
 * the pin is found.
 *
 * @param size in bytes
 * @param digests of other algorithms, as somebody published them
 */
public record Hints(OptionalLong size, List<Digest> digests) {
  public Hints {
    digests = List.copyOf(digests);
  }
}
