package dev.modelbake.model;

/**
 * One thing wrong, or worth a warning, in a manifest.
 *
 * @param at where
 * @param severity whether the manifest can be used all the same
 * @param rule a short stable name such as {@code unknown-key}, for machines
 * @param what what is wrong, one sentence without a final stop
 * @param remedy what to write instead, one sentence without a final stop
 */
public record Problem(Location at, Severity severity, String rule, String what, String remedy) {
  /** Whether a manifest can be used all the same. */
  public enum Severity {
    ERROR,
    WARNING,
    /** Nothing to mend: something to know, or to do elsewhere. */
    NOTE
  }

  /** A problem which makes the manifest unusable. */
  public static Problem error(Location at, String rule, String what, String remedy) {
    return new Problem(at, Severity.ERROR, rule, what, remedy);
  }

  /** A problem worth telling. */
  public static Problem warning(Location at, String rule, String what, String remedy) {
    return new Problem(at, Severity.WARNING, rule, what, remedy);
  }

  /** Something to know, or to do elsewhere. */
  public static Problem note(Location at, String rule, String what, String remedy) {
    return new Problem(at, Severity.NOTE, rule, what, remedy);
  }

  /** One line: place, what, remedy. */
  @Override
  public String toString() {
    return at + ": " + what + "; " + remedy;
  }
}
