package dev.modelbake.fetch;

/** Bytes that one connection is to bring. Its end may come nearer while it is at work. */
final class Claim {
  private final long from;
  private volatile long to;

  /**
   * A claim.
   *
   * @param to the byte behind the last
   */
  Claim(long from, long to) {
    this.from = from;
    this.to = to;
  }

  /** The first byte. */
  long from() {
    return from;
  }

  /** The byte behind the last. */
  long to() {
    return to;
  }

  /** Leaves what follows to others. */
  void endAt(long nearer) {
    to = Math.min(to, nearer);
  }
}
