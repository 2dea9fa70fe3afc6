package dev.modelbake.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
    name = "catalog",
    description = "Show the manifests that come with this tool: models by the library's name.",
    synopsisSubcommandLabel = "COMMAND",
    mixinStandardHelpOptions = true)
final class CatalogCommand implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "catalog needs a command: list or show");
  }
}
