package dev.modelbake.plan;

import dev.modelbake.model.Model;
import dev.modelbake.model.NameGlob;
import dev.modelbake.model.Suggestion;
import dev.modelbake.model.UsageException;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Chooses models by name and group; a selector that matches nothing is an error, not silence. */
final class Selector {
  private final PlanOptions.Selection selection;

  Selector(PlanOptions.Selection selection) {
    this.selection = selection;
  }

  List<Model> select(List<Model> models) {
    Set<String> names = new LinkedHashSet<>();
    Set<String> groups = new LinkedHashSet<>();
    for (Model model : models) {
      names.add(model.name());
      groups.addAll(model.groups());
    }
    selection.only().forEach(glob -> require("--only", glob, names));
    selection.except().forEach(glob -> require("--except", glob, names));
    selection.groups().forEach(glob -> require("--group", glob, groups));
    List<Model> selected =
        models.stream()
            .filter(model -> isMeant(selection.only(), List.of(model.name())))
            .filter(model -> isMeant(selection.groups(), model.groups()))
            .filter(model -> !matchesAny(selection.except(), List.of(model.name())))
            .toList();
    if (selected.isEmpty()) {
      throw new UsageException(
          "selecting models",
          "no model is left: the selectors exclude each other",
          "drop one of --only, --except and --group");
    }
    return selected;
  }

  private static boolean isMeant(List<String> globs, Collection<String> values) {
    return globs.isEmpty() || matchesAny(globs, values);
  }

  private static boolean matchesAny(List<String> globs, Collection<String> values) {
    return globs.stream()
        .map(glob -> new NameGlob(glob).predicate())
        .anyMatch(glob -> values.stream().anyMatch(glob));
  }

  /** Every {@code --dir} must be for a model. */
  static void requireDirs(Set<String> globs, List<Model> models) {
    Set<String> names = models.stream().map(Model::name).collect(Collectors.toSet());
    globs.forEach(glob -> require("--dir", glob, names));
  }

  private static void require(String option, String glob, Set<String> known) {
    if (known.stream().noneMatch(new NameGlob(glob).predicate())) {
      throw new UsageException(
          "selecting models with " + option + " " + glob,
          "nothing matches",
          Suggestion.closestName(glob, known)
              .map(near -> "did you mean " + near + "?")
              .orElse(
                  known.isEmpty()
                      ? "the manifest names no groups"
                      : "the manifest has " + String.join(", ", known)));
    }
  }
}
