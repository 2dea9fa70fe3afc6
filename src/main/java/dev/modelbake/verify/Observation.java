package dev.modelbake.verify;

import dev.modelbake.model.Digest;
import dev.modelbake.model.FailureKind;
import dev.modelbake.model.Finding;
import dev.modelbake.model.PlannedFile.State;
import dev.modelbake.publish.Placement;
import java.util.Optional;

/**
 * What was found where one file should be.
 *
 * @param what expected and actual, one line; empty when it is right
 * @param size in bytes; 0 when it was not a file
 * @param sha256 of its bytes, when they were read
 */
record Observation(
    Placement placement, State state, String what, long size, Optional<Digest> sha256) {
  Observation(Placement placement, State state, String what) {
    this(placement, state, what, 0, Optional.empty());
  }

  /** What a verification has to say of it. */
  Optional<Finding> finding() {
    return switch (state) {
      case PRESENT -> Optional.empty();
      case ABSENT -> Optional.of(finding(FailureKind.MISSING));
      case UNKNOWN ->
          Optional.of(
              finding(
                  placement.pin().isPresent() ? FailureKind.INTEGRITY : FailureKind.CONFIGURATION));
      case WRONG_OWNER_OR_MODE, WRONG_BYTES, WRONG_TYPE ->
          Optional.of(finding(FailureKind.INTEGRITY));
    };
  }

  private Finding finding(FailureKind kind) {
    return new Finding(placement.path().toString(), placement.file(), kind, what);
  }
}
