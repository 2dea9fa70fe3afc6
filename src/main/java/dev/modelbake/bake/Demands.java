package dev.modelbake.bake;

import dev.modelbake.model.BakeException;
import dev.modelbake.model.CannotCreateException;
import dev.modelbake.model.FailureKind;
import dev.modelbake.model.ManifestException;
import dev.modelbake.model.Plan;
import dev.modelbake.model.PlannedFile;
import dev.modelbake.model.Problem;
import dev.modelbake.model.Target;
import dev.modelbake.model.UnpinnedException;
import java.util.List;

/** What must hold of a plan before a command acts on it. */
final class Demands {
  private Demands() {}

  /** The plan, every target of which is known. */
  static Plan resolved(Plan plan) {
    List<Target.Unresolved> open =
        plan.files().stream()
            .map(PlannedFile::target)
            .filter(Target.Unresolved.class::isInstance)
            .map(Target.Unresolved.class::cast)
            .toList();
    if (open.isEmpty()) {
      return plan;
    }
    throw refusal(open);
  }

  private static BakeException refusal(List<Target.Unresolved> open) {
    FailureKind kind = FailureKind.gravest(open.stream().map(Target.Unresolved::kind).toList());
    List<Problem> reasons = open.stream().map(Target.Unresolved::reason).distinct().toList();
    if (kind != FailureKind.CANNOT_CREATE) {
      return new ManifestException(reasons);
    }
    Target.Unresolved first =
        open.stream().filter(one -> one.kind() == kind).findFirst().orElseThrow();
    return new CannotCreateException(
        first.text(),
        first.reason().at() + ": " + first.reason().what(),
        first.reason().remedy(),
        null);
  }

  /** The plan, every file of which is pinned and has a known target. */
  static Plan bakeable(Plan plan) {
    List<String> unpinned =
        plan.files().stream().filter(file -> file.pin().isEmpty()).map(PlannedFile::name).toList();
    if (!unpinned.isEmpty()) {
      String manifest =
          plan.files().stream()
              .filter(file -> file.pin().isEmpty())
              .map(file -> file.at().source())
              .findFirst()
              .orElseThrow();
      throw new UnpinnedException(
          "baking",
          unpinned,
          "sha256",
          "add the sha256 of each to "
              + manifest
              + "; `sha256sum` tells it of a copy that you trust");
    }
    return resolved(plan);
  }
}
