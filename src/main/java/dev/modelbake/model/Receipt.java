package dev.modelbake.model;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

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
   * @param link what the symbolic link at the path says, when the file lies behind one
   */
  public record Entry(
      String path,
      String file,
      Digest digest,
      long size,
      Owner owner,
      FileMode mode,
      Optional<String> link) {
    /** A file that stands at its path itself. */
    public Entry(String path, String file, Digest digest, long size, Owner owner, FileMode mode) {
      this(path, file, digest, size, owner, mode, Optional.empty());
    }

    /** Where the bytes stand: the path, or what the link at it names. */
    public Path place() {
      Path at = Path.of(path);
      return link.map(text -> at.resolveSibling(text).normalize()).orElse(at);
    }

    /** The same bytes, reached through a link. */
    public Entry behind(String pointer, String text) {
      return new Entry(pointer, file, digest, size, owner, mode, Optional.of(text));
    }
  }
}
