package dev.modelbake.model;

import org.jspecify.annotations.Nullable;

/** A variable, or a file that one names, cannot be used: exit 78. */
public final class EnvironmentException extends BakeException {
  private static final long serialVersionUID = 1L;

  /**
   * An unusable setting.
   *
   * @param setting the variable, option or path; never its content
   */
  public EnvironmentException(
      String setting, String happened, String remedy, @Nullable Throwable cause) {
    super(FailureKind.CONFIGURATION, new Explanation("using " + setting, happened, remedy), cause);
  }
}
