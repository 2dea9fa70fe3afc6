package dev.modelbake.model;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What happened in one run.
 *
 * @param files in the order of the plan
 * @param receipt what is true afterwards; empty when the run failed
 */
public record BakeReport(
    Instant started,
    Duration took,
    List<FileReport> files,
    Receipt receipt,
    Optional<FailureKind> failure,
    List<Problem> notices) {
  public BakeReport {
    files = List.copyOf(files);
    notices = List.copyOf(notices);
  }

  /**
   * What happened to one file.
   *
   * @param source where the bytes came from; absent when nothing was fetched
   * @param received bytes transferred over all attempts, those thrown away included
   * @param failures of candidates, also when another one succeeded
   * @param error why the file failed, in one line; absent when it did not
   */
  public record FileReport(
      String name,
      Outcome outcome,
      Optional<Candidate> source,
      long received,
      Duration took,
      List<CandidateFailure> failures,
      Optional<String> error) {
    public FileReport {
      failures = List.copyOf(failures);
    }
  }

  /** How a file ended. */
  public enum Outcome {
    /** It was already right. */
    KEPT,
    /** Right bytes; owner or mode mended. */
    MENDED,
    /** Fetched and published. */
    FETCHED,
    /** Staged and proven, not published because another file failed. */
    STAGED,
    FAILED
  }
}
