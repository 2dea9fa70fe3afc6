package dev.modelbake.model;

/** Bytes are not the pinned ones: exit 65. */
public final class DigestMismatchException extends BakeException {
  private static final long serialVersionUID = 1L;

  private final transient Descriptor expected;
  private final transient Digest actual;
  private final long actualSize;

  /**
   * Bytes that contradict a pin.
   *
   * @param what whose bytes they are, printable
   * @param actual the first digest that differs, of the same algorithm as its pin; when all digests
   *     agree and only the size differs, the SHA-256
   * @param actualSize in bytes
   */
  public DigestMismatchException(String what, Descriptor expected, Digest actual, long actualSize) {
    super(
        FailureKind.INTEGRITY,
        new Explanation(
            "verifying " + what,
            "expected %s, actual %s (%d bytes)".formatted(expected, actual, actualSize),
            "find out which is right before changing the pin"),
        null);
    this.expected = expected;
    this.actual = actual;
    this.actualSize = actualSize;
  }

  /** The pin. */
  public Descriptor expected() {
    return expected;
  }

  /** The pinned digest of the same algorithm as {@link #actual}. */
  public Digest wanted() {
    return expected.others().stream()
        .filter(other -> other.algorithm() == actual.algorithm())
        .findFirst()
        .orElse(expected.digest());
  }

  /** A digest of what was there. */
  public Digest actual() {
    return actual;
  }

  /** The size of what was there, in bytes. */
  public long actualSize() {
    return actualSize;
  }
}
