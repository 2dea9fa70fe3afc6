package dev.modelbake.model;

import java.nio.file.Path;

/** Where a file goes. */
public sealed interface Target {
  /**
   * A final place.
   *
   * @param path absolute and normalised, as the image sees it (below {@link Plan#root()}); for a
   *     tree the directory it fills
   * @param mode of the file, or of every file of a tree
   * @param dirMode of directories that have to be made
   */
  record Resolved(Path path, Owner owner, FileMode mode, FileMode dirMode) implements Target {}

  /**
   * A place that cannot be told here.
   *
   * @param text the directory and path as written
   * @param kind what a command that needs the place fails with
   * @param reason why
   */
  record Unresolved(String text, FailureKind kind, Problem reason) implements Target {}
}
