package dev.modelbake.plan;

import dev.modelbake.model.Location;
import dev.modelbake.model.Manifest;
import dev.modelbake.model.ManifestException;
import dev.modelbake.model.Model;
import dev.modelbake.model.Problem;
import dev.modelbake.model.Text;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** The variables a final image must set, so that its libraries look where the files are. */
public final class ImageEnvironment {
  private final PlanOptions options;
  private final Owners owners;
  private final PythonPackages python;

  /** For one place. */
  public ImageEnvironment(PlanOptions options, Surroundings surroundings) {
    this.options = options;
    this.owners = new Owners(surroundings);
    this.python = surroundings.python();
  }

  /**
   * The {@code env} of the manifests and of the selected models, resolved. The environment of this
   * process does not count: what is printed is for another one.
   *
   * @throws ManifestException if a value cannot be told, or two manifests differ
   */
  public SortedMap<String, String> of(List<Manifest> manifests) {
    List<Model> all = manifests.stream().flatMap(manifest -> manifest.models().stream()).toList();
    Set<Model> selected = new HashSet<>(new Selector(options.selection()).select(all));
    SortedMap<String, String> values = new TreeMap<>();
    List<Problem> problems = new ArrayList<>();
    for (Manifest manifest : manifests) {
      Variables variables = variables(manifest);
      manifest.env().forEach((name, text) -> put(name, text, variables, values, problems));
      manifest.models().stream()
          .filter(selected::contains)
          .forEach(
              model -> {
                Variables own = new InDirectory(model, variables).variables(manifest);
                model.env().forEach((name, text) -> put(name, text, own, values, problems));
              });
    }
    if (!problems.isEmpty()) {
      throw new ManifestException(problems);
    }
    return values;
  }

  /** In the {@code env} of a model, {@code ${dir}} is the directory that it goes to here. */
  private final class InDirectory {
    private final Model model;
    private final Variables outside;

    InDirectory(Model model, Variables outside) {
      this.model = model;
      this.outside = outside;
    }

    Variables variables(Manifest manifest) {
      boolean asked =
          model.env().values().stream().anyMatch(text -> text.value().contains("${dir}"));
      Optional<Text> dir = options.dirOf(model);
      if (!asked || dir.isEmpty()) {
        return outside;
      }
      try {
        Map<String, String> overrides = new HashMap<>(options.env());
        overrides.put("dir", outside.resolve(dir.get()));
        return ImageEnvironment.this.variables(manifest, overrides);
      } catch (Unresolvable e) {
        return outside; // which will tell that ${dir} is not known
      }
    }
  }

  private Variables variables(Manifest manifest) {
    return variables(manifest, options.env());
  }

  private Variables variables(Manifest manifest, Map<String, String> overrides) {
    Optional<Text> owner =
        options.owner().map(text -> new Text(text, Location.of("--owner"))).or(manifest::owner);
    Optional<String> home = options.home().or(() -> manifest.home().map(Text::value));
    return new Variables(
        overrides, manifest.env(), Map.of(), python, at -> owners.home(owner, home, at));
  }

  private static void put(
      String name,
      Text text,
      Variables variables,
      SortedMap<String, String> values,
      List<Problem> problems) {
    try {
      String value = variables.resolve(text);
      String earlier = values.putIfAbsent(name, value);
      if (earlier != null && !earlier.equals(value)) {
        problems.add(
            Problem.error(
                text.at(),
                "variable-differs",
                "%s is %s here and %s before".formatted(name, value, earlier),
                "an image has one value: make them the same"));
      }
    } catch (Unresolvable e) {
      problems.add(e.problem());
    }
  }
}
