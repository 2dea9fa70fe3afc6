package dev.modelbake.cli;

import java.util.Locale;
import java.util.SortedMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "env",
    description = "Print the variables that the final image must set for its libraries.",
    mixinStandardHelpOptions = true)
final class EnvCommand implements Callable<Integer> {
  /** How the variables are written. */
  enum Format {
    DOCKERFILE,
    SH,
    JSON;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  @Mixin private final SelectionOptions selection = new SelectionOptions();
  @Mixin private final TargetOptions target = new TargetOptions();

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      description = "One of ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
  private Format format = Format.DOCKERFILE;

  private final Session session;

  EnvCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() {
    SortedMap<String, String> values = Front.of(session, selection, target).imageEnvironment();
    session
        .out()
        .print(
            switch (format) {
              case DOCKERFILE -> EnvText.dockerfile(values);
              case SH -> EnvText.shell(values);
              case JSON -> EnvText.json(values);
            });
    return ExitCode.OK.number();
  }
}
