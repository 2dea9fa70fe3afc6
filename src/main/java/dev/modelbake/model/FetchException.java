package dev.modelbake.model;

import java.util.List;

/** No candidate gave a file; every candidate's failure is kept. */
public final class FetchException extends BakeException {
  private static final long serialVersionUID = 1L;

  private final String file;
  private final transient List<CandidateFailure> failures;
  private final long received;

  /**
   * A file without bytes.
   *
   * @param file the model file's name
   * @param happened the failures taken together
   * @param remedy what to do
   * @param failures in the order they happened; may be empty when there was nothing to try
   */
  public FetchException(
      String file, String happened, String remedy, List<CandidateFailure> failures) {
    this(file, new Explanation("fetching " + file, happened, remedy), failures, 0);
  }

  /**
   * A file without bytes.
   *
   * @param file the model file's name
   * @param failures in the order they happened; may be empty when there was nothing to try
   * @param received bytes transferred over all attempts, all of them in vain
   */
  public FetchException(
      String file, Explanation explanation, List<CandidateFailure> failures, long received) {
    super(
        FailureKind.ofCandidates(failures.stream().map(CandidateFailure::kind).toList()),
        explanation,
        null);
    this.file = file;
    this.failures = List.copyOf(failures);
    this.received = received;
  }

  /** The model file's name. */
  public String file() {
    return file;
  }

  /** Every candidate's failure, in the order they happened. */
  public List<CandidateFailure> failures() {
    return failures;
  }

  /** Bytes transferred over all attempts, all of them in vain. */
  public long received() {
    return received;
  }
}
