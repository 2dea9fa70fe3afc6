package dev.modelbake.model;

import org.jspecify.annotations.Nullable;

/** A credential source exists but cannot be used: exit 77. */
public final class CredentialException extends BakeException {
  private static final long serialVersionUID = 1L;

  /**
   * An unreadable or malformed credential file.
   *
   * @param source its path or the name of its variable; never its content
   */
  public CredentialException(
      String source, String happened, String remedy, @Nullable Throwable cause) {
    super(
        FailureKind.AUTHENTICATION,
        new Explanation("reading credentials from " + source, happened, remedy),
        cause);
  }
}
