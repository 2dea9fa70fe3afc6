package dev.modelbake.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A mirror is not what it should be, or cannot be made. */
public final class MirrorException extends BakeException {
  private static final long serialVersionUID = 1L;

  private final transient List<String> files;

  /**
   * A mirror that is not used.
   *
   * @param kind missing, integrity, refused or cannot-create
   * @param files every file that it is about; may be empty
   */
  public MirrorException(
      FailureKind kind, Explanation explanation, List<String> files, @Nullable Throwable cause) {
    super(kind, explanation, cause);
    this.files = List.copyOf(files);
  }

  /** Every file that it is about. */
  public List<String> files() {
    return files;
  }
}
