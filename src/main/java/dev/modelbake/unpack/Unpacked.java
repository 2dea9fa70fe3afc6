package dev.modelbake.unpack;

import dev.modelbake.store.Blob;
import java.util.List;

/**
 * What came out of a download, all proven.
 *
 * @param entries files; for a download that is one file, one entry with an empty path
 * @param directories of a tree, sorted, relative
 * @param links symbolic links which stay inside the tree
 */
public record Unpacked(List<Entry> entries, List<String> directories, List<Link> links) {
  public Unpacked {
    entries = List.copyOf(entries);
    directories = List.copyOf(directories);
    links = List.copyOf(links);
  }

  /** A single file. */
  public static Unpacked of(Blob blob) {
    return new Unpacked(List.of(new Entry("", blob)), List.of(), List.of());
  }

  /** One regular file; its path is relative to the target. */
  public record Entry(String path, Blob blob) {}

  /** One symbolic link; its path is relative to the target, its target to its own directory. */
  public record Link(String path, String target) {}
}
