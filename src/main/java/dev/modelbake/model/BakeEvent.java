package dev.modelbake.model;

import java.time.Duration;
import java.util.OptionalLong;

/**
 * Something that happened in a run. Texts may come from outside: a listener that prints them makes
 * them printable.
 *
 * <p>The order for one file: {@code Kept | ((Fetching (Received | Retrying)* (CandidateFailed |
 * Verified))+ | Made) (Unpacking Unpacked)? Published?}. A run begins with {@link Planned} and ends
 * with {@link Finished}; notices come at any time.
 */
public sealed interface BakeEvent {
  /**
   * The plan stands.
   *
   * @param files selected
   * @param kept of them already right
   * @param bytes to be fetched, as far as sizes are known
   */
  record Planned(int files, int kept, long bytes) implements BakeEvent {}

  /** A file is already right. */
  record Kept(String file) implements BakeEvent {}

  /**
   * A candidate is tried.
   *
   * @param size in bytes, when known
   */
  record Fetching(String file, Candidate candidate, OptionalLong size) implements BakeEvent {}

  /**
   * Bytes of the file so far, from all attempts that still count.
   *
   * @param bytes so far, also those that an earlier run left; falls back when a transfer starts
   *     over
   * @param transferred bytes that came over the network in this run, from all attempts; never falls
   */
  record Received(String file, long bytes, long transferred) implements BakeEvent {}

  /** The same candidate will be tried again after a pause. */
  record Retrying(String file, Candidate candidate, int attempt, Duration pause, String why)
      implements BakeEvent {}

  /** A candidate is given up. */
  record CandidateFailed(String file, CandidateFailure failure) implements BakeEvent {}

  /** A download is proven. */
  record Verified(String file, Candidate candidate, Descriptor descriptor) implements BakeEvent {}

  /**
   * A file is proven without a download of its own: its text was known, its parts were put
   * together, or the same bytes stand or are going to stand at another place.
   *
   * @param parts the number of downloads that are in it and were told of by their own names
   */
  record Made(String file, int parts, Descriptor descriptor) implements BakeEvent {}

  /** A proven download is about to be decompressed or extracted. */
  record Unpacking(String file) implements BakeEvent {}

  /** A download was decompressed or extracted, and what came out is proven. */
  record Unpacked(String file, int files, long bytes) implements BakeEvent {}

  /** A file stands at its place. */
  record Published(String file) implements BakeEvent {}

  /** A file failed for good. */
  record Failed(String file, BakeException failure) implements BakeEvent {}

  /** Worth telling, not fatal. */
  record Notice(String text) implements BakeEvent {}

  /** The run is over. */
  record Finished(int proven, int failed, Duration took) implements BakeEvent {}
}
