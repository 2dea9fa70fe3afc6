package dev.modelbake.cli;

import dev.modelbake.bake.ModelBake;
import dev.modelbake.guard.Guard;
import dev.modelbake.guard.GuardOptions;
import dev.modelbake.guard.GuardReport;
import dev.modelbake.model.UsageException;
import dev.modelbake.report.Detail;
import dev.modelbake.report.GuardJson;
import dev.modelbake.report.GuardText;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "guard",
    description = {
      "Run a command with the network refused, and tell what reached for it.",
      "Exit 79 when anything did, else the command's own code."
    },
    mixinStandardHelpOptions = true)
final class GuardCommand implements Callable<Integer> {
  @Parameters(
      arity = "0..*",
      paramLabel = "COMMAND",
      description = "The command and its arguments, behind --.")
  private List<String> command = List.of();

  @Option(
      names = "--allow",
      paramLabel = "HOST",
      description =
          "A host that may be reached: HOST, HOST:PORT or *.DOMAIN; loopback always may be."
              + " Repeatable.")
  private List<String> allow = List.of();

  @Option(
      names = "--report",
      paramLabel = "FILE",
      description = "Write what was seen as JSON; - is standard output, behind the command's own.")
  private @Nullable Path report;

  @Option(names = "--json", description = "The same as --report -.")
  private boolean json;

  @Option(
      names = "--emit-python",
      paramLabel = "FILE",
      description =
          "Run nothing: write the check as one Python file for images without Java; - is standard"
              + " output.")
  private @Nullable Path python;

  @Option(
      names = {"-v", "--verbose"},
      description = "Show the call stack of each attempt.")
  private boolean verbose;

  private final Session session;

  GuardCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() {
    if (python != null) {
      if (!command.isEmpty()) {
        throw new UsageException(
            "reading arguments", "--emit-python runs no command", "leave out one of them");
      }
      new DataFile(python).write(session, Guard.pythonFile());
      return ExitCode.OK.number();
    }
    session.requireProcess("guard");
    if (command.isEmpty()) {
      throw new UsageException(
          "reading arguments", "there is no command", "write modelbake guard -- COMMAND");
    }
    Map<String, String> environment = CallerEnvironment.of(session.environment());
    GuardReport seen =
        ModelBake.guard(new GuardOptions(command, environment, allow, new ProcessSignals()));
    session.err().print(GuardText.of(seen, verbose ? Detail.FULL : Detail.BRIEF));
    if (json || report != null) {
      Path file = report == null ? Path.of("-") : report;
      new DataFile(file).write(session, GuardJson.of(seen).pretty());
    }
    return seen.refused().isEmpty() ? seen.exit() : ExitCode.REFUSED.number();
  }
}
