package dev.modelbake.model;

import org.jspecify.annotations.Nullable;

/** A path cannot be made, owned or replaced: exit 73. */
public final class CannotCreateException extends BakeException {
  private static final long serialVersionUID = 1L;

  private final String path;

  /**
   * Something that may not be created.
   *
   * @param path the path, or what else could not be made, printable
   * @param happened why
   * @param remedy what to change in the machine or the Dockerfile
   */
  public CannotCreateException(
      String path, String happened, String remedy, @Nullable Throwable cause) {
    super(FailureKind.CANNOT_CREATE, new Explanation("placing " + path, happened, remedy), cause);
    this.path = path;
  }

  /** The path. */
  public String path() {
    return path;
  }
}
