package dev.modelbake.model;

/** An archive does something that none may do, or exceeds a bound: exit 79. */
public final class ArchiveRefusedException extends BakeException {
  private static final long serialVersionUID = 1L;

  private final String file;

  /**
   * A hostile or outsized archive.
   *
   * @param file the model file's name
   * @param happened the entry and the rule it breaks, printable
   * @param remedy what to do, such as the key that raises a bound
   */
  public ArchiveRefusedException(String file, String happened, String remedy) {
    super(FailureKind.REFUSED, new Explanation("unpacking " + file, happened, remedy), null);
    this.file = file;
  }

  /** The model file's name. */
  public String file() {
    return file;
  }
}
