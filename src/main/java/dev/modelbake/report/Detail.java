package dev.modelbake.report;

/** How much a text for people says. */
public enum Detail {
  BRIEF,
  /** Everything: exact sizes, whole digests, every candidate, causes. */
  FULL
}
