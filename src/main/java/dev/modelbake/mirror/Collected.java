package dev.modelbake.mirror;

import java.util.List;

/**
 * What was removed from a store, or would be.
 *
 * @param files below the store
 * @param bytes of them
 * @param kept blobs that stay
 */
public record Collected(List<String> files, long bytes, int kept) {
  public Collected {
    files = List.copyOf(files);
  }
}
