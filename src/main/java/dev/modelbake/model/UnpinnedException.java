package dev.modelbake.model;

import java.util.List;

/** Files without the pin that the command needs: exit 78. */
public final class UnpinnedException extends BakeException {
  private static final long serialVersionUID = 1L;

  private final transient List<String> files;

  /**
   * Files that cannot be proven.
   *
   * @param files their names, one or more
   * @param missing what is missing, such as {@code sha256}
   * @param remedy the command that completes them
   */
  public UnpinnedException(String doing, List<String> files, String missing, String remedy) {
    super(
        FailureKind.CONFIGURATION,
        new Explanation(doing, "no " + missing + " for " + String.join(", ", files), remedy),
        null);
    this.files = List.copyOf(files);
  }

  /** The names of the files. */
  public List<String> files() {
    return files;
  }
}
