package dev.modelbake.unpack;

import dev.modelbake.model.Unpacking;

/** Counts what comes out of an archive and stops it at its bounds. */
final class Budget {
  private final Refusal refusal;
  private final long mostBytes;
  private final int mostEntries;
  private long bytes;
  private int entries;

  Budget(Refusal refusal, Unpacking.Limits limits, long download) {
    this(refusal, limits.bytesFor(download), limits.files());
  }

  private Budget(Refusal refusal, long mostBytes, int mostEntries) {
    this.refusal = refusal;
    this.mostBytes = mostBytes;
    this.mostEntries = mostEntries;
  }

  void entry() {
    if (++entries > mostEntries) {
      throw refusal.bound("it has more than " + mostEntries + " entries", "max-files");
    }
  }

  void bytes(long more) {
    bytes += more;
    if (bytes > mostBytes) {
      throw refusal.bound("more than " + mostBytes + " bytes come out of it", "max-size");
    }
  }
}
