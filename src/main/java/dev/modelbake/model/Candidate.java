package dev.modelbake.model;

/**
 * One concrete location to try for a file.
 *
 * @param role why it is in the list
 * @param form which bytes it serves
 */
public record Candidate(SourceUrl url, Role role, Form form) {
  /** Why a candidate is in the list; in the order they are tried. */
  public enum Role {
    /** The store given with {@code --store}. */
    STORE,
    /** A mirror given by the operator with {@code --mirror}. */
    SITE_MIRROR,
    /** The file's own {@code url}. */
    ORIGIN,
    /** A mirror of the file or of the manifest. */
    MIRROR
  }

  /** Which bytes a candidate serves. */
  public enum Form {
    /** The download as the manifest pins it. */
    DOWNLOAD,
    /** What comes out of the download's decompression. */
    UNPACKED
  }

  @Override
  public String toString() {
    return url.toString();
  }
}
