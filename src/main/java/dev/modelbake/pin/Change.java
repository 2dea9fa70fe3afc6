package dev.modelbake.pin;

/**
 * Something that upstream changed.
 *
 * @param file or model
 * @param kind whether pinned bytes are concerned, or only what a branch points to
 */
public record Change(String file, Kind kind, String what) {
  /** What changed. */
  public enum Kind {
    /** The pinned URL or commit gives other bytes now. */
    CONTENT,
    /** There is something newer; what is pinned is still there. */
    NEWER,
    /** It could not be asked. */
    UNKNOWN
  }
}
