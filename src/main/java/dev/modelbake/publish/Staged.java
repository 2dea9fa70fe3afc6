package dev.modelbake.publish;

import dev.modelbake.model.PlannedFile;
import dev.modelbake.store.Blob;
import java.util.List;

/**
 * A planned file whose bytes are all proven and wait in staging.
 *
 * @param items its files
 * @param directories to be made even when nothing is in them, relative to the target
 * @param links symbolic links of a tree
 */
public record Staged(
    PlannedFile file, List<Item> items, List<String> directories, List<Link> links) {
  public Staged {
    items = List.copyOf(items);
    directories = List.copyOf(directories);
    links = List.copyOf(links);
  }

  /** A file that is the target itself. */
  public static Staged of(PlannedFile file, Blob blob) {
    return new Staged(file, List.of(new Item("", blob)), List.of(), List.of());
  }

  /**
   * One regular file.
   *
   * @param path relative to the target; empty for the target itself
   */
  public record Item(String path, Blob blob) {}

  /**
   * One symbolic link, already known to stay inside the tree.
   *
   * @param path relative to the target
   * @param target as the link will say
   */
  public record Link(String path, String target) {}
}
