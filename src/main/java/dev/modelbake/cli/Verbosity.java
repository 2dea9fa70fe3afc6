package dev.modelbake.cli;

/** How much is told on the way; {@code -q}, nothing, {@code -v}, {@code -vv}. */
enum Verbosity {
  /** Errors only. */
  QUIET,
  NORMAL,
  /** Each source that is tried, each retry. */
  VERBOSE,
  /** Each step of each file. */
  DETAILED;

  /** Whether what is told from a level on is told at this one. */
  boolean tells(Verbosity from) {
    return compareTo(from) >= 0;
  }

  /** The level of so many {@code -v}. */
  static Verbosity ofCount(int verbose) {
    return verbose <= 0 ? NORMAL : verbose == 1 ? VERBOSE : DETAILED;
  }
}
