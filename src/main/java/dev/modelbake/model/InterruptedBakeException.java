package dev.modelbake.model;

/** The calling thread was interrupted; what was staged is kept for the next run. */
public final class InterruptedBakeException extends BakeException {
  private static final long serialVersionUID = 1L;

  /** An interrupted stage. */
  public InterruptedBakeException(String doing) {
    super(
        FailureKind.INTERRUPTED,
        new Explanation(doing, "interrupted", "run again: what was fetched is kept"),
        null);
  }
}
