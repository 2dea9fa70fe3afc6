package dev.modelbake.cli;

import dev.modelbake.bake.ModelBake;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** Which models of the manifests. */
final class SelectorOptions {
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

  List<String> arguments() {
    List<String> arguments = new ArrayList<>();
    only.forEach(name -> arguments.addAll(List.of("--only", name)));
    except.forEach(name -> arguments.addAll(List.of("--except", name)));
    groups.forEach(name -> arguments.addAll(List.of("--group", name)));
    return arguments;
  }

  ModelBake apply(ModelBake bake) {
    return bake.only(only.toArray(String[]::new))
        .except(except.toArray(String[]::new))
        .group(groups.toArray(String[]::new));
  }
}
