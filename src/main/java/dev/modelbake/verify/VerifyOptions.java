package dev.modelbake.verify;

import dev.modelbake.model.FailureKind;
import dev.modelbake.model.Finding;
import dev.modelbake.model.Owner;
import java.util.List;
import java.util.Optional;

/**
 * How to verify.
 *
 * @param as a user who must be able to read every file
 */
public record VerifyOptions(Depth depth, Strictness strictness, Optional<Owner> as) {
  /** All bytes, unexpected files tolerated, nobody's access checked. */
  public static final VerifyOptions DEFAULT =
      new VerifyOptions(Depth.BYTES, Strictness.LENIENT, Optional.empty());

  /** What is looked at. */
  public enum Depth {
    /** Existence, size, owner, mode. */
    QUICK,
    /** Every byte too. */
    BYTES
  }

  /** Whether unexpected files are an error. */
  public enum Strictness {
    LENIENT,
    STRICT
  }

  /** What the findings mean taken together; empty when everything is right. */
  public Optional<FailureKind> outcome(List<Finding> findings) {
    List<FailureKind> kinds =
        findings.stream()
            .filter(finding -> strictness == Strictness.STRICT || !finding.unexpected())
            .map(Finding::kind)
            .toList();
    return kinds.isEmpty() ? Optional.empty() : Optional.of(FailureKind.gravest(kinds));
  }
}
