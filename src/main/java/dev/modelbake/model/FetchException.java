package dev.modelbake.model;

import java.util.List;

/** No candidate gave a file; every candidate's failure is kept. */
public final class FetchException extends BakeException {
  private static final long serialVersionUID = 1L;

  private final String file;
  private final transient List<CandidateFailure> failures;

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
    super(
        FailureKind.ofCandidates(failures.stream().map(CandidateFailure::kind).toList()),
        new Explanation("fetching " + file, happened, remedy),
        null);
    this.file = file;
    this.failures = List.copyOf(failures);
  }

  /** The model file's name. */
  public String file() {
    return file;
  }

  /** Every candidate's failure, in the order they happened. */
  public List<CandidateFailure> failures() {
    return failures;
  }
}
