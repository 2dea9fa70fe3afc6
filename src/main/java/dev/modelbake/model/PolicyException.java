package dev.modelbake.model;

import java.util.List;
import java.util.stream.Collectors;

/** What the manifest asks for is not allowed here: exit 79. */
public final class PolicyException extends BakeException {
  private static final long serialVersionUID = 1L;

  private final transient List<Problem> violations;

  /**
   * A refusal before any byte.
   *
   * @param policy where the rules stand
   * @param violations one or more
   */
  public PolicyException(String policy, List<Problem> violations) {
    super(
        FailureKind.REFUSED,
        new Explanation(
            "checking the policy of " + policy,
            violations.stream()
                .map(one -> one.at() + ": " + one.what())
                .collect(Collectors.joining("; ")),
            "use something that it allows, or ask whoever keeps it"),
        null);
    this.violations = List.copyOf(violations);
  }

  /** Every violation. */
  public List<Problem> violations() {
    return violations;
  }
}
