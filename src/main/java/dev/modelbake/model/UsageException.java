package dev.modelbake.model;

/** The command line, or the call, is wrong: exit 64. */
public final class UsageException extends BakeException {
  private static final long serialVersionUID = 1L;

  /** A wrong option or a selector that matches nothing. */
  public UsageException(String doing, String happened, String remedy) {
    super(FailureKind.USAGE, new Explanation(doing, happened, remedy), null);
  }
}
