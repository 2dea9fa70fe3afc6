package dev.modelbake.publish;

import dev.modelbake.digest.GitBlobId;
import dev.modelbake.model.PlannedFile;
import dev.modelbake.model.Target;
import dev.modelbake.store.Blob;
import java.nio.file.Path;
import java.util.List;

/**
 * A planned file whose bytes are all proven and wait in staging.
 *
 * @param items its files
 * @param directories to be made even when nothing is in them, relative to the target's base
 * @param links symbolic links of a tree, or the pointer of a hub cache
 */
public record Staged(
    PlannedFile file, List<Item> items, List<String> directories, List<Link> links) {
  public Staged {
    items = List.copyOf(items);
    directories = List.copyOf(directories);
    links = List.copyOf(links);
  }

  /** A single file: the target itself, or a blob of a hub cache and the link to it. */
  public static Staged of(PlannedFile file, Blob blob) {
    Target.Resolved target = Staging.target(file);
    return target.cache().isPresent()
        ? cached(file, target, blob)
        : new Staged(file, List.of(new Item("", blob)), List.of(), List.of());
  }

  private static Staged cached(PlannedFile file, Target.Resolved target, Blob blob) {
    Target.Cache cache = target.cache().orElseThrow();
    Pointer pointer = Pointer.to(id(cache.blobName(), blob), target.path(), cache);
    Path base = target.base();
    return new Staged(
        file,
        List.of(new Item(base.relativize(pointer.blob()).toString(), blob)),
        List.of(),
        List.of(new Link(base.relativize(pointer.path()).toString(), pointer.text())));
  }

  private static String id(Target.BlobName name, Blob blob) {
    return switch (name) {
      case SHA256 -> blob.descriptor().digest().hex();
      case GIT -> Failures.telling("reading", blob.path(), () -> GitBlobId.of(blob.path()));
    };
  }

  /**
   * One regular file.
   *
   * @param path relative to the target's base; empty for the target itself
   */
  public record Item(String path, Blob blob) {}

  /**
   * One symbolic link, already known to stay inside the tree.
   *
   * @param path relative to the target's base
   * @param target as the link will say
   */
  public record Link(String path, String target) {}
}
