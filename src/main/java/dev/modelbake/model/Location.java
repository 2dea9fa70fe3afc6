package dev.modelbake.model;

/**
 * A place in a manifest, printed {@code file:line:column}.
 *
 * @param source the file as the user named it
 * @param line counted from 1; 0 when the whole file is meant
 * @param column counted from 1
 */
public record Location(String source, int line, int column) {
  /** The file as a whole. */
  public static Location of(String source) {
    return new Location(source, 0, 0);
  }

  @Override
  public String toString() {
    return line == 0 ? source : source + ":" + line + ":" + column;
  }
}
