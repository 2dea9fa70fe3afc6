package dev.modelbake.model;

/** Who may write beside the files. */
public enum Access {
  /** The owner. */
  OWNER,
  /** Group 0 too: for a user whose uid is known only when the image runs. */
  SHARED
}
