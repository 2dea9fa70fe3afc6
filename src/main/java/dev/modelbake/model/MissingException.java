package dev.modelbake.model;

import org.jspecify.annotations.Nullable;

/** A file that must be there is not: exit 66. */
public final class MissingException extends BakeException {
  private static final long serialVersionUID = 1L;

  /** A missing or unreadable input, such as the manifest. */
  public MissingException(String doing, String happened, String remedy, @Nullable Throwable cause) {
    super(FailureKind.MISSING, new Explanation(doing, happened, remedy), cause);
  }
}
