package dev.modelbake.model;

import java.util.Collection;
import java.util.Comparator;

/** What sort of failure it was; in order of gravity, the gravest first. */
public enum FailureKind {
  /** A bug in modelbake. */
  INTERNAL,
  /** Refused by policy: hostile archive, bound exceeded, host or format not allowed. */
  REFUSED,
  /** Digest, size, signature; a damaged archive; other bytes, owner or mode on disk. */
  INTEGRITY,
  /** Disk full, quota, write or fsync error, report not writable. */
  IO,
  /** Permission, owner unknown or unmapped, type conflict, read-only. */
  CANNOT_CREATE,
  /** 401, 403, 407; a token missing, unreadable or refused. */
  AUTHENTICATION,
  /** Manifest or environment invalid, or a file unpinned. */
  CONFIGURATION,
  /** The manifest, or a file that should be there. */
  MISSING,
  /** Time-out, stall, 5xx, 429, name resolution, lock. */
  TEMPORARY,
  /** No candidate has it. */
  UNAVAILABLE,
  /** The command line is wrong. */
  USAGE,
  /** Stopped from outside. */
  INTERRUPTED;

  /** The gravest of several. */
  public static FailureKind gravest(Collection<FailureKind> kinds) {
    return kinds.stream().min(Comparator.naturalOrder()).orElseThrow();
  }

  /**
   * What one file's failure is, when its candidates failed in different ways: wrong bytes, else
   * temporary, else authentication, else unavailable; refused when every one of them was refused.
   */
  public static FailureKind ofCandidates(Collection<FailureKind> kinds) {
    for (FailureKind first : new FailureKind[] {INTEGRITY, TEMPORARY, AUTHENTICATION}) {
      if (kinds.contains(first)) {
        return first;
      }
    }
    boolean allRefused = !kinds.isEmpty() && kinds.stream().allMatch(kind -> kind == REFUSED);
    return allRefused ? REFUSED : UNAVAILABLE;
  }
}
