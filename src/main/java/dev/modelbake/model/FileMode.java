package dev.modelbake.model;

/**
 * Permission bits of a file or directory, with setgid for shared directories.
 *
 * @param bits 0 to 02777; setuid and sticky have no place on a model file
 */
public record FileMode(int bits) {
  public FileMode {
    if ((bits & ~02777) != 0) {
      throw new IllegalArgumentException(
          "a mode is at most 2777: setuid and sticky bits are refused");
    }
  }

  /**
   * Reads three or four octal digits.
   *
   * @throws IllegalArgumentException if it is anything else
   */
  public static FileMode parse(String octal) {
    if (!octal.matches("[0-7]{3,4}")) {
      throw new IllegalArgumentException("a mode is three or four octal digits");
    }
    return new FileMode(Integer.parseInt(octal, 8));
  }

  /** Four octal digits. */
  @Override
  public String toString() {
    String octal = Integer.toOctalString(bits);
    return "0".repeat(4 - octal.length()) + octal;
  }
}
