package dev.modelbake.cli;

import dev.modelbake.bake.ModelBake;
import dev.modelbake.model.ManifestException;
import dev.modelbake.model.Problem;
import dev.modelbake.report.ProblemsJson;
import dev.modelbake.report.ProblemsText;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "lint",
    description = {
      "Check manifests and touch nothing else: no owner, variables or network.",
      "Exit 0 with warnings, 78 with errors."
    },
    mixinStandardHelpOptions = true)
final class LintCommand implements Callable<Integer> {
  @Parameters(
      arity = "0..*",
      paramLabel = "MANIFEST",
      description = "Manifests to read (default: models.yaml).")
  private List<Path> manifests = List.of();

  @Option(names = "--strict", description = "Exit 78 with warnings too.")
  private boolean strict;

  @Option(names = "--json", description = "Print the problems as JSON on standard output.")
  private boolean json;

  private final Session session;

  LintCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() {
    List<Path> files = manifests.isEmpty() ? List.of(SelectionOptions.DEFAULT) : manifests;
    List<Problem> problems = problems(files);
    if (json) {
      session.out().print(ProblemsJson.of(problems).pretty());
    } else {
      new PeopleText(session, Colors.AUTO).print(ProblemsText.of(problems));
    }
    boolean errors = problems.stream().anyMatch(one -> one.severity() == Problem.Severity.ERROR);
    boolean warnings =
        problems.stream().anyMatch(one -> one.severity() == Problem.Severity.WARNING);
    boolean bad = errors || (strict && warnings);
    return (bad ? ExitCode.CONFIGURATION : ExitCode.OK).number();
  }

  private static List<Problem> problems(List<Path> files) {
    try {
      return ModelBake.manifests(files).lint();
    } catch (ManifestException e) {
      return e.problems();
    }
  }
}
