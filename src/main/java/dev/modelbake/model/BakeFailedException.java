package dev.modelbake.model;

import java.util.List;

/** A run in which some files failed; each failure is kept. Its kind is the gravest of theirs. */
public final class BakeFailedException extends BakeException {
  private static final long serialVersionUID = 1L;

  private final transient List<BakeException> failures;

  /**
   * A failed run.
   *
   * @param failures one or more
   * @param selected the number of files selected
   */
  public BakeFailedException(List<BakeException> failures, int selected) {
    super(
        FailureKind.gravest(failures.stream().map(BakeException::kind).toList()),
        new Explanation(
            "baking %d %s".formatted(selected, selected == 1 ? "file" : "files"),
            failures.size() + " failed, nothing was published",
            "see the failure of each file"),
        failures.get(0));
    this.failures = List.copyOf(failures);
    failures.stream().skip(1).forEach(this::addSuppressed);
  }

  /** All failures, in the order of the plan. */
  public List<BakeException> failures() {
    return failures;
  }
}
