package dev.modelbake.cli;

import java.util.Locale;

/** How progress is shown; the values of {@code --progress}. */
enum ProgressMode {
  /** {@link #TTY} on a terminal that can move its cursor, else {@link #PLAIN}. */
  AUTO,
  TTY,
  PLAIN,
  JSON,
  NONE;

  /** As it is written on the command line. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
