package dev.modelbake.json;

/**
 * How much JSON a reader takes.
 *
 * @param bytes of the document at most
 * @param depth of nesting at most
 */
public record JsonBounds(int bytes, int depth) {
  public JsonBounds {
    if (bytes < 1 || depth < 1 || depth > 1000) {
      throw new IllegalArgumentException("a bound is at least 1, a depth at most 1000");
    }
  }
}
