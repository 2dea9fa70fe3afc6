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

  /** How far it is, or was a moment ago. */
  long reached() {
    return reached;
  }

  /** Notes how far it is. */
  void reach(long position) {
    reached = position;
  }

  /** Leaves what follows to others. */
  void endAt(long nearer) {
    to = Math.min(to, nearer);
  }
}
