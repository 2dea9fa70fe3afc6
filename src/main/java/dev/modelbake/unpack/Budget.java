package dev.modelbake.unpack;

import dev.modelbake.model.ArchiveRefusedException;
import dev.modelbake.model.Unpacking;

/** Counts what comes out of an archive and stops it at its bounds. */
final class Budget {
  private static final int NAME = 320;
  private static final long LEAST_NAMES = 1 << 20;

  private final Refusal refusal;
  private final long mostBytes;
  private final int mostEntries;
  private long bytes;
  private long names;
  private int entries;

  Budget(Refusal refusal, Unpacking.Limits limits, long download) {
    this(refusal, limits.bytesFor(download), limits.files());
  }

  private Budget(Refusal refusal, long mostBytes, int mostEntries) {
    this.refusal = refusal;
    this.mostBytes = mostBytes;
    this.mostEntries = mostEntries;
  }

  /** Words for what is wrong with the archive. */
  Refusal refusal() {
    return refusal;
  }

  void entry() {
    if (++entries > mostEntries) {
      throw tooMany();
    }
  }

  /** Asks whether so many entries would be too many, before they are read. */
  void announced(long number) {
    if (number > mostEntries) {
      throw tooMany();
    }
  }

  private ArchiveRefusedException tooMany() {
    return refusal.bound("it has more than " + mostEntries + " entries", "max-files");
  }

  /** Counts names, which are kept in memory, also those of directories that they imply. */
  void name(String name) {
    names += name.length();
    if (names > mostNames()) {
      throw refusal.bound(
          "its names have more than %d characters".formatted(mostNames()), "max-files");
    }
  }

  /** What may be kept of names, and of a list of entries, in characters. */
  long mostNames() {
    return Math.max(LEAST_NAMES, (long) NAME * mostEntries);
  }

  void bytes(long more) {
    bytes += more;
    if (bytes > mostBytes) {
      throw refusal.bound("more than " + mostBytes + " bytes come out of it", "max-size");
    }
  }
}
