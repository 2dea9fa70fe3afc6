package dev.modelbake.store;

/**
 * A part of a file.
 *
 * @param from its first byte, counted from 0
 * @param to the byte behind its last, more than {@code from}
 */
public record Extent(long from, long to) {
  public Extent {
    if (from < 0 || to <= from) {
      throw new IllegalArgumentException("an extent holds at least one byte: " + from + "-" + to);
    }
  }

  /** The number of bytes. */
  public long length() {
    return to - from;
  }
}
