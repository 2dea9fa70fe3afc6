package dev.modelbake.model;

import java.util.List;

/** A manifest cannot be used; all its problems are kept: exit 78. */
public final class ManifestException extends BakeException {
  private static final long serialVersionUID = 1L;

  private final transient List<Problem> problems;

  /**
   * A manifest with problems.
   *
   * @param problems one or more, at least one of them an error
   */
  public ManifestException(List<Problem> problems) {
    super(
        FailureKind.CONFIGURATION,
        new Explanation(
            "reading " + problems.get(0).at().source(),
            problems.size() == 1
                ? problems.get(0).toString()
                : problems.size() + " problems, the first: " + problems.get(0),
            "mend the manifest; nothing was touched"),
        null);
    this.problems = List.copyOf(problems);
  }

  /** All problems, in the order of the text. */
  public List<Problem> problems() {
    return problems;
  }
}
