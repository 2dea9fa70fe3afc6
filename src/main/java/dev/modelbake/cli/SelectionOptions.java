package dev.modelbake.cli;

import dev.modelbake.bake.ModelBake;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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

  @Option(
      names = "--only",
      paramLabel = "NAME",
      description = "Only models whose name matches; * stands for any characters. Repeatable.")
  private List<String> only = List.of();

  @Option(
      names = "--except",
      paramLabel = "NAME",
      description = "Leave out models whose name matches. Repeatable.")
  private List<String> except = List.of();

  @Option(
      names = "--group",
      paramLabel = "GROUP",
      description = "Only models of this group. Repeatable.")
  private List<String> groups = List.of();

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
    List<String> arguments = new ArrayList<>();
    only.forEach(name -> arguments.addAll(List.of("--only", name)));
    except.forEach(name -> arguments.addAll(List.of("--except", name)));
    groups.forEach(name -> arguments.addAll(List.of("--group", name)));
    env.forEach((name, value) -> arguments.addAll(List.of("--env", name + "=" + value)));
    dirs.forEach((name, path) -> arguments.addAll(List.of("--dir", name + "=" + path)));
    return arguments;
  }

  void apply(ModelBake bake) {
    bake.only(only.toArray(String[]::new));
    bake.except(except.toArray(String[]::new));
    bake.group(groups.toArray(String[]::new));
    env.forEach(bake::env);
    dirs.forEach(bake::dir);
  }
}
