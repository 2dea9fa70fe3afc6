package dev.modelbake.model;

/** What is said of bytes in two places cannot both be right. */
public final class ContradictionException extends BakeException {
  private static final long serialVersionUID = 1L;

  /** A contradiction about a file. */
  public ContradictionException(String file, String happened) {
    super(
        FailureKind.INTEGRITY,
        new Explanation(
            "pinning " + file, happened, "find out which is right before anything is pinned"),
        null);
  }
}
