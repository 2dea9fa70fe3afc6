package dev.modelbake.bake;

import dev.modelbake.model.BakeException;
import dev.modelbake.model.CannotCreateException;
import dev.modelbake.model.FailureKind;
import dev.modelbake.model.ManifestException;
import dev.modelbake.model.Origin;
import dev.modelbake.model.Plan;
import dev.modelbake.model.PlannedDirectory;
import dev.modelbake.model.PlannedFile;
import dev.modelbake.model.Problem;
import dev.modelbake.model.Target;
import dev.modelbake.model.UnpinnedException;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What must hold of a plan before a command acts on it. */
final class Demands {
  private Demands() {}

  /** The plan, every target of which is known. */
  static Plan resolved(Plan plan) {
    List<Target.Unresolved> open =
        Stream.concat(
                plan.files().stream().map(PlannedFile::target),
                plan.directories().stream().map(PlannedDirectory::target))
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
    return resolved(pinned(plan));
  }

  /** The plan, every file of which is pinned. */
  static Plan pinned(Plan plan) {
    List<PlannedFile> unpinned = plan.files().stream().filter(Demands::isUnpinned).toList();
    if (!unpinned.isEmpty()) {
      throw new UnpinnedException(
          "baking",
          unpinned.stream().map(PlannedFile::name).toList(),
          "sha256",
          unpinned.stream()
              .map(file -> pinCommand(file.at().source()))
              .distinct()
              .collect(Collectors.joining(" and ", "run ", "")));
    }
    return plan;
  }

  private static boolean isUnpinned(PlannedFile file) {
    return file.pin().isEmpty()
        || (file.origin() instanceof Origin.Parts parts
            && parts.parts().stream().anyMatch(part -> part.pin().isEmpty()));
  }

  private static String pinCommand(String source) {
    return source.startsWith("catalog:")
        ? "`modelbake pin %s -o models.yaml`".formatted(source)
        : "`modelbake pin %s`".formatted(source);
  }
}
