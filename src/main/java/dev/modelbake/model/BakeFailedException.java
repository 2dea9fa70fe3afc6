package dev.modelbake.model;

import java.util.List;

/** A run in which some files failed; each failure is kept. Its kind is the gravest of theirs. */
public final class BakeFailedException extends BakeException {
  private static final long serialVersionUID = 1L;

  private final transient List<BakeException> failures;
  private final transient BakeReport report;

  /**
   * A failed run.
   *
   * @param failures one or more
   * @param report what happened to every file
   */
  public BakeFailedException(List<BakeException> failures, BakeReport report) {
    super(
        FailureKind.gravest(failures.stream().map(BakeException::kind).toList()),
        new Explanation(
            "baking %d %s".formatted(report.files().size(), plural(report.files().size())),
            "%d failed, nothing was published".formatted(failures.size()),
            "see the failure of each file"),
        failures.get(0));
    this.failures = List.copyOf(failures);
    this.report = report;
    failures.stream().skip(1).forEach(this::addSuppressed);
  }

  private static String plural(int files) {
    return files == 1 ? "file" : "files";
  }

  @Override
  public List<BakeException> members() {
    return failures;
  }

  /** All failures, in the order of the plan. */
  public List<BakeException> failures() {
    return failures;
  }

  /** What happened to every file. */
  public BakeReport report() {
    return report;
  }
}
