package dev.modelbake.model;

import org.jspecify.annotations.Nullable;

/** An archive with the pinned bytes cannot be unpacked to what the manifest says: exit 65. */
public final class ArchiveDamagedException extends BakeException {
  private static final long serialVersionUID = 1L;

  private final String file;

  /**
   * An archive that is broken, or does not hold what is expected of it.
   *
   * @param file the model file's name
   * @param happened what was found, printable
   */
  public ArchiveDamagedException(String file, String happened, @Nullable Throwable cause) {
    super(
        FailureKind.INTEGRITY,
        new Explanation(
            "unpacking " + file,
            happened + " (the download has the pinned digest, so it is published like this)",
            "check `unpack` and the pins of what comes out, or pin another release"),
        cause);
    this.file = file;
  }

  /** The model file's name. */
  public String file() {
    return file;
  }
}
