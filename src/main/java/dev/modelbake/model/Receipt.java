package dev.modelbake.model;

import java.util.List;

/**
 * What is true of the published files: the same for the same manifest, wherever and whenever it was
 * baked.
 *
 * @param entries sorted by path
 */
public record Receipt(List<Entry> entries) {
  public Receipt {
    entries = List.copyOf(entries);
  }

  /**
   * One regular file.
   *
   * @param path absolute, as the image sees it
   * @param file the model file it belongs to
   */
  public record Entry(
      String path, String file, Digest digest, long size, Owner owner, FileMode mode) {}
}
