package dev.modelbake.cli;

import dev.modelbake.bake.ModelBake;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Which models of which manifests. */
final class SelectionOptions {
  static final Path DEFAULT = Path.of("models.yaml");

  @Parameters(
      arity = "0..*",
      paramLabel = "MANIFEST",
      description = "Manifests to read, or catalog:NAME for a shipped one (default: models.yaml).")
  private List<Path> manifests = List.of();

  @Mixin private final SelectorOptions selectors = new SelectorOptions();

  @Option(
      names = "--env",
      paramLabel = "NAME=VALUE",
      description = "Set a variable of the manifest; wins over its env: and the environment.")
  private Map<String, String> env = new LinkedHashMap<>();

  @Option(
      names = "--dir",
      paramLabel = "NAME=PATH",
      description = "Directory for models whose name matches, in place of their own. Repeatable.")
  private Map<String, String> dirs = new LinkedHashMap<>();

  List<Path> manifests() {
    return manifests.isEmpty() ? List.of(DEFAULT) : manifests;
  }

  /** The options as another command line has to give them; the manifests are not among them. */
  List<String> arguments() {
    List<String> arguments = new ArrayList<>(selectors.arguments());
    env.forEach((name, value) -> arguments.addAll(List.of("--env", name + "=" + value)));
    dirs.forEach((name, path) -> arguments.addAll(List.of("--dir", name + "=" + path)));
    return arguments;
  }

  ModelBake apply(ModelBake plain) {
    ModelBake bake = selectors.apply(plain);
    for (Map.Entry<String, String> one : env.entrySet()) {
      bake = bake.env(one.getKey(), one.getValue());
    }
    for (Map.Entry<String, String> one : dirs.entrySet()) {
      bake = bake.dir(one.getKey(), one.getValue());
    }
    return bake;
  }
}
