package dev.modelbake.fetch;

/** Bytes that one connection is to bring. Its end may come nearer while it is at work. */
final class Claim {
  private final long from;
  private volatile long to;
  private volatile long reached;

  /**
   * A claim.
   *
   * @param to the byte behind the last
   */
  Claim(long from, long to) {
    this.from = from;
    this.to = to;
    reached = from;
  }

  /** The first byte. */
  long from() {
    return from;
  }

  /** The byte behind the last. */
  long to() {
    return to;
  }

  /** Where the first byte is missing, or was a moment ago. */
  long reached() {
    return reached;
  }

  /** Whether nothing of it is missing. */
  boolean isReached() {
    return reached >= to;
  }

  /** Notes that everything before a byte is written. */
  void reach(long position) {
    reached = position;
  }

  /** Leaves what follows to others. */
  void endAt(long nearer) {
    to = Math.min(to, nearer);
  }
}
