package dev.modelbake.model;

import org.jspecify.annotations.Nullable;

/** A file is not signed as it must be: exit 65. */
public final class SignatureException extends BakeException {
  private static final long serialVersionUID = 1L;

  private final Fault fault;

  /** What is wrong with a signature. */
  public enum Fault {
    /** There is no signature. */
    NOT_SIGNED,
    /** There is one, by none of the trusted keys. */
    WRONG_KEY,
    /** It is by a trusted key, but not of these bytes, or it is no signature at all. */
    BAD_SIGNATURE,
    /** It is good, but of another file, or of an older one than was seen before. */
    REPLAY
  }

  /**
   * A signature that is not accepted.
   *
   * @param what the file
   */
  public SignatureException(
      Fault fault, String what, String happened, String remedy, @Nullable Throwable cause) {
    super(
        FailureKind.INTEGRITY,
        new Explanation("checking the signature of " + what, happened, remedy),
        cause);
    this.fault = fault;
  }

  /** What is wrong with it. */
  public Fault fault() {
    return fault;
  }
}
