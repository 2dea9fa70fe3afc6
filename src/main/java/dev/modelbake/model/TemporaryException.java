package dev.modelbake.model;

import org.jspecify.annotations.Nullable;

/** Something that another try may mend, such as a lock held too long or a deadline: exit 75. */
public final class TemporaryException extends BakeException {
  private static final long serialVersionUID = 1L;

  /** A passing failure. */
  public TemporaryException(
      String doing, String happened, String remedy, @Nullable Throwable cause) {
    super(FailureKind.TEMPORARY, new Explanation(doing, happened, remedy), cause);
  }
}
