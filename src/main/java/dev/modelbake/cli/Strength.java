package dev.modelbake.cli;

import dev.modelbake.guard.GuardReport.Worth;
import java.util.Locale;

/** What the silence of a guard has to be worth; the values of {@code --require}. */
enum Strength {
  EVIDENCE(Worth.EVIDENCE),
  PROOF(Worth.PROOF);

  private final Worth worth;

  Strength(Worth worth) {
    this.worth = worth;
  }

  Worth worth() {
    return worth;
  }

  /** As it is written on the command line. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
