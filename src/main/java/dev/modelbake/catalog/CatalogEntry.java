package dev.modelbake.catalog;

import dev.modelbake.model.Digest;
import dev.modelbake.model.Model;
import dev.modelbake.model.ModelFile;

/**
 * A shipped model.
 *
 * @param text its entry in the shipped manifest with the comments above it, as it stands there
 * @param digest of the shipped manifest
 */
public record CatalogEntry(Model model, String text, Digest digest) {
  /** The first part of its name. */
  public String library() {
    return model.name().substring(0, model.name().indexOf('/'));
  }

  /** The number of files with a {@code sha256}. */
  public int pinned() {
    return (int) model.files().stream().filter(CatalogEntry::isPinned).count();
  }

  private static boolean isPinned(ModelFile file) {
    return file.pin().isPresent() && file.parts().stream().allMatch(part -> part.pin().isPresent());
  }

  /** Bytes to download, as far as sizes are known. */
  public long size() {
    return model.files().stream()
        .flatMap(file -> file.pin().stream())
        .mapToLong(pin -> pin.size().orElse(0))
        .sum();
  }

  /** Whether every size is known. */
  public boolean isSized() {
    return model.files().stream()
        .allMatch(file -> file.pin().isPresent() && file.pin().get().size().isPresent());
  }
}
