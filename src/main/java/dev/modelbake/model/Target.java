package dev.modelbake.model;

import java.nio.file.Path;
import java.util.Optional;

/** Where a file goes. */
public sealed interface Target {
  /**
   * A final place.
   *
   * @param path absolute and normalised, as the image sees it (below {@link Plan#root()}); for a
   *     tree the directory it fills
   * @param cache when the path is a link into a hub cache
   * @param mode of the file, or of every file of a tree
   * @param dirMode of directories that have to be made
   */
  record Resolved(Path path, Optional<Cache> cache, Owner owner, FileMode mode, FileMode dirMode)
      implements Target {
    /** A target that is no link. */
    public Resolved(Path path, Owner owner, FileMode mode, FileMode dirMode) {
      this(path, Optional.empty(), owner, mode, dirMode);
    }

    /** Where paths inside the target begin: its own, or the repository's folder of a cache. */
    public Path base() {
      return cache.map(Cache::repository).orElse(path);
    }
  }

  /**
   * The repository's folder in a hub cache, where the target's path is a link to a blob.
   *
   * @param repository such as {@code /models/hub/models--org--name}
   */
  record Cache(Path repository, BlobName blobName) {}

  /** What names a blob of a hub cache. */
  enum BlobName {
    /** The SHA-256 of its bytes: files in git-lfs. */
    SHA256,
    /** Git's own id of its bytes. */
    GIT
  }

  /**
   * A place that cannot be told here.
   *
   * @param text the directory and path as written
   * @param kind what a command that needs the place fails with
   * @param reason why
   */
  record Unresolved(String text, FailureKind kind, Problem reason) implements Target {}
}
