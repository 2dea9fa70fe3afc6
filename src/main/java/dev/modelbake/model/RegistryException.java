package dev.modelbake.model;

import org.jspecify.annotations.Nullable;

/** A registry did not do what it was asked for. */
public final class RegistryException extends BakeException {
  private static final long serialVersionUID = 1L;

  private final int status;

  /**
   * A request without the answer it should have.
   *
   * @param kind which exit code follows
   * @param status of HTTP; 0 when there was no answer
   * @param explanation printable and free of secrets
   */
  public RegistryException(
      FailureKind kind, int status, Explanation explanation, @Nullable Throwable cause) {
    super(kind, explanation, cause);
    this.status = status;
  }

  /** The status of HTTP; 0 when there was no answer. */
  public int status() {
    return status;
  }
}
