package dev.modelbake.verify;

import dev.modelbake.model.CannotCreateException;
import dev.modelbake.model.PlannedDirectory;
import dev.modelbake.model.PlannedFile.State;
import dev.modelbake.model.Target;
import dev.modelbake.publish.Placement;
import dev.modelbake.publish.RootedPaths;
import dev.modelbake.publish.Stat;
import java.io.IOException;
import java.util.Optional;

/** Looks at the directories that a plan asks for by name. */
record Directories(RootedPaths paths) {
  /** The same directory with what stands there; unknown when its place cannot be told. */
  PlannedDirectory survey(PlannedDirectory directory) {
    return directory.target() instanceof Target.Resolved target
        ? directory.with(at(directory, target).state())
        : directory;
  }

  /** What stands there. */
  Observation at(PlannedDirectory directory, Target.Resolved target) {
    Placement place =
        new Placement(
            directory.name(), target.path(), Optional.empty(), target.owner(), target.dirMode());
    try {
      Optional<Stat> stat = Stat.of(paths.locateDirectory(target.path()));
      if (stat.isEmpty()) {
        return new Observation(place, State.ABSENT, "the directory is missing");
      }
      boolean right =
          stat.get().owner().equals(place.owner())
              && stat.get().permissions() == place.mode().bits();
      return right
          ? new Observation(place, State.PRESENT, "")
          : new Observation(
              place,
              State.WRONG_OWNER_OR_MODE,
              "expected owner and mode %s %s, actual %s %04o"
                  .formatted(
                      place.owner(), place.mode(), stat.get().owner(), stat.get().permissions()));
    } catch (CannotCreateException e) {
      return new Observation(place, State.WRONG_TYPE, e.explanation().happened());
    } catch (IOException e) {
      throw Examiner.failure(e, target.path());
    }
  }
}
