package dev.modelbake.publish;

import dev.modelbake.digest.GitBlobId;
import dev.modelbake.layout.HubCache;
import dev.modelbake.model.PlannedFile;
import dev.modelbake.model.Target;
import dev.modelbake.store.Blob;
import java.util.List;
import java.util.Optional;

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

  /**
   * A file of one blob.
   *
   * @throws dev.modelbake.model.DiskException if the blob cannot be read for its name
   */
  public static Staged of(PlannedFile file, Blob blob) {
    Optional<Target.Cache> cache = Staging.target(file).cache();
    if (cache.isPresent()) {
      return inCache(
          file,
          blob,
          cache.get().blobName() == Target.BlobName.SHA256
              ? blob.descriptor().digest().hex()
              : Failures.telling("naming", blob.path(), () -> GitBlobId.of(blob.path())));
    }
    return new Staged(file, List.of(new Item("", blob)), List.of(), List.of());
  }

  /**
   * A file of a hub cache: a blob, and the link that libraries look for.
   *
   * @param id the blob's name
   */
  private static Staged inCache(PlannedFile file, Blob blob, String id) {
    Target.Resolved target = Staging.target(file);
    HubCache cache = new HubCache(target.base());
    return new Staged(
        file,
        List.of(new Item(target.base().relativize(cache.blob(id)).toString(), blob)),
        List.of(),
        List.of(
            new Link(
                target.base().relativize(target.path()).toString(),
                cache.link(target.path(), id))));
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
