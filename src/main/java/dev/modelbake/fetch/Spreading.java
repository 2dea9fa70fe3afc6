package dev.modelbake.fetch;

/** When a large file gets further connections to its source. */
public enum Spreading {
  /** When one has been at work for a while and will not be done soon. */
  WHEN_SLOW,
  /** As soon as the server has proven that it knows ranges. */
  AT_ONCE
}
