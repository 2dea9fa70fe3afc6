package dev.modelbake.http;

/** How much is done for one candidate before the next is tried. */
public enum Patience {
  /** Others are still to be tried. */
  QUICK,
  /** Nothing else is left. */
  PATIENT
}
