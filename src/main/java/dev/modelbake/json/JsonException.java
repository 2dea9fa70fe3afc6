package dev.modelbake.json;

/** Text that is no JSON, or JSON that is not what was expected. */
public final class JsonException extends Exception {
  private static final long serialVersionUID = 1L;

  private final String what;
  private final int line;
  private final int column;

  /** A value of the wrong kind; where it stood is no longer known. */
  public JsonException(String what) {
    this(what, 0, 0);
  }

  /**
   * A fault in the text.
   *
   * @param what printable
   * @param line counted from 1; 0 when no place is known
   * @param column counted from 1
   */
  public JsonException(String what, int line, int column) {
    super(line == 0 ? what : "line %d, column %d: %s".formatted(line, column, what));
    this.what = what;
    this.line = line;
    this.column = column;
  }

  /** What is wrong, without the place. */
  public String what() {
    return what;
  }

  /** The line, counted from 1; 0 when no place is known. */
  public int line() {
    return line;
  }

  /** The column, counted from 1. */
  public int column() {
    return column;
  }
}
