package dev.modelbake.verify;

import dev.modelbake.model.Finding;
import dev.modelbake.model.PlannedFile;
import dev.modelbake.model.PlannedFile.State;
import java.util.List;

/** What was found of one planned file: an observation of each of its files. */
record Inspection(PlannedFile file, List<Observation> observations) {
  /** The worst first: what stands in the way, what is replaced, what is missing, what is mended. */
  private static final List<State> ORDER =
      List.of(
          State.WRONG_TYPE,
          State.UNKNOWN,
          State.WRONG_BYTES,
          State.ABSENT,
          State.WRONG_OWNER_OR_MODE);

  /** The state of the planned file as a whole. */
  State state() {
    return ORDER.stream()
        .filter(state -> observations.stream().anyMatch(one -> one.state() == state))
        .findFirst()
        .orElse(State.PRESENT);
  }

  /** What a verification has to say. */
  List<Finding> findings() {
    return observations.stream().flatMap(one -> one.finding().stream()).toList();
  }
}
