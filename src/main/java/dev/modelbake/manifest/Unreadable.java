package dev.modelbake.manifest;

import dev.modelbake.model.Problem;

/** A text of which no more can be read; the one problem says why. */
final class Unreadable extends Exception {
  private static final long serialVersionUID = 1L;

  private final transient Problem problem;

  Unreadable(Problem problem) {
    super(problem.toString());
    this.problem = problem;
  }

  Problem problem() {
    return problem;
  }
}
