package dev.modelbake.model;

import org.jspecify.annotations.Nullable;

/** The disk does not take or give bytes: exit 74. */
public final class DiskException extends BakeException {
  private static final long serialVersionUID = 1L;

  private final String path;

  /**
   * A failed write, read or sync, or too little space.
   *
   * @param doing such as {@code writing /opt/models/x}
   * @param path where
   */
  public DiskException(
      String doing, String path, String happened, String remedy, @Nullable Throwable cause) {
    super(FailureKind.IO, new Explanation(doing, happened, remedy), cause);
    this.path = path;
  }

  /** Where. */
  public String path() {
    return path;
  }
}
