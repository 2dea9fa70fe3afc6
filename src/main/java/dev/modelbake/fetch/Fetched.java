package dev.modelbake.fetch;

import dev.modelbake.model.Candidate;
import dev.modelbake.model.CandidateFailure;
import dev.modelbake.store.Blob;
import java.util.List;
import java.util.Optional;

/**
 * A file's proven bytes.
 *
 * @param candidate where they came from; its form tells whether they are already unpacked. Absent
 *     when they are no single download
 * @param received bytes transferred over all attempts, those thrown away included; 0 when they came
 *     from the store or an earlier run
 * @param failures of the candidates before this one
 */
public record Fetched(
    Blob blob, Optional<Candidate> candidate, long received, List<CandidateFailure> failures) {
  public Fetched {
    failures = List.copyOf(failures);
  }

  /** Whether these are the bytes that come out of the download's decompression. */
  public boolean isUnpacked() {
    return candidate.filter(one -> one.form() == Candidate.Form.UNPACKED).isPresent();
  }
}
