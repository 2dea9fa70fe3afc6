package dev.modelbake.model;

import java.util.List;

/**
 * What is true of the published files: the same for the same manifest, wherever and whenever it was
 * baked.
 *
 * @param entries sorted by path
 * @param links sorted by path: pointers of a hub cache, and links out of archives
 * @param directories sorted by path: those that were asked for by name
 */
public record Receipt(List<Entry> entries, List<Link> links, List<Directory> directories) {
  public Receipt {
    entries = List.copyOf(entries);
    links = List.copyOf(links);
    directories = List.copyOf(directories);
  }

  /** Nothing but regular files. */
  public Receipt(List<Entry> entries) {
    this(entries, List.of(), List.of());
  }

  /**
   * One regular file.
   *
   * @param path absolute, as the image sees it
   * @param file the model file it belongs to
   */
  public record Entry(
      String path, String file, Digest digest, long size, Owner owner, FileMode mode) {}

  /**
   * One symbolic link.
   *
   * @param path absolute, as the image sees it
   * @param file the model file it belongs to
   * @param target what the link says
   */
  public record Link(String path, String file, String target, Owner owner) {}

  /**
   * One directory.
   *
   * @param path absolute, as the image sees it
   * @param name its name in the plan
   */
  public record Directory(String path, String name, Owner owner, FileMode mode) {}
}
