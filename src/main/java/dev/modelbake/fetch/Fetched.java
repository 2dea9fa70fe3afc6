package dev.modelbake.fetch;

import dev.modelbake.model.Candidate;
import dev.modelbake.model.CandidateFailure;
import dev.modelbake.store.Blob;
import java.util.List;

/**
 * A file's proven bytes.
 *
 * @param candidate where they came from; its form tells whether they are already unpacked. The
 *     place in staging when they were made there
 * @param received bytes transferred over all attempts, those thrown away included; 0 when they came
 *     from the store or an earlier run
 * @param failures of the candidates before this one
 */
public record Fetched(
    Blob blob, Candidate candidate, long received, List<CandidateFailure> failures) {
  public Fetched {
    failures = List.copyOf(failures);
  }

  /** Whether these are the bytes that come out of the download's decompression. */
  public boolean isUnpacked() {
    return candidate.form() == Candidate.Form.UNPACKED;
  }
}
