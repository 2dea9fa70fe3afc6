package dev.modelbake.plan;

import dev.modelbake.model.FailureKind;
import dev.modelbake.model.Problem;

/** A place cannot be told; stays inside this package and becomes a {@code Target.Unresolved}. */
final class Unresolvable extends Exception {
  private static final long serialVersionUID = 1L;

  private final transient Problem problem;
  private final FailureKind kind;

  Unresolvable(Problem problem) {
    this(problem, FailureKind.CONFIGURATION);
  }

  Unresolvable(Problem problem, FailureKind kind) {
    super(problem.toString());
    this.problem = problem;
    this.kind = kind;
  }

  Problem problem() {
    return problem;
  }

  FailureKind kind() {
    return kind;
  }
}
