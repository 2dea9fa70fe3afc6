package dev.modelbake.guard;

/**
 * One way in which a command was watched.
 *
 * @param says what it did, for people
 */
public record Layer(Kind kind, State state, String says) {
  /** Which layer. */
  public enum Kind {
    /** The audit hook in Pythons. */
    PYTHON,
    /** The proxy on loopback that programs are told to use. */
    PROXY,
    /** The routes of the kernel. */
    KERNEL
  }

  /** What it was worth. */
  public enum State {
    /** It was there and saw what it covers. */
    ACTIVE,
    /** It was offered, and nothing made use of it. */
    IDLE,
    /** It was not there, or cannot tell what it saw. */
    ABSENT
  }
}
