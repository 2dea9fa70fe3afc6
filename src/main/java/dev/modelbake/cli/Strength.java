package dev.modelbake.cli;

import dev.modelbake.guard.GuardReport.Worth;
import java.util.Locale;

/** What the silence of a guard has to be worth; the values of {@code --require}. */
enum Strength {
  EVIDENCE(
      Worth.EVIDENCE,
      "run it without a network: there the kernel counts what neither hook nor proxy sees"),
  PROOF(Worth.PROOF, "run it without a network, with loopback up and without --allow");

  private final Worth worth;
  private final String remedy;

  Strength(Worth worth, String remedy) {
    this.worth = worth;
    this.remedy = remedy;
  }

  Worth worth() {
    return worth;
  }

  /** What gives a run so much. */
  String remedy() {
    return remedy;
  }

  /** As it is written on the command line. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
