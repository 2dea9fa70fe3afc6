package dev.modelbake.cli;

import java.util.Locale;

/** When colours are used; the values of {@code --color}. */
enum Colors {
  /** On a terminal, unless {@code NO_COLOR} is set. */
  AUTO,
  ALWAYS,
  NEVER;

  /** As it is written on the command line. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
