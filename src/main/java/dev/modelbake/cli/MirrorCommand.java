package dev.modelbake.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
    name = "mirror",
    description = {
      "Make, carry, check and push mirrors for sites without a way out.",
      "A mirror is a directory that any static server serves and any registry takes."
    },
    synopsisSubcommandLabel = "COMMAND",
    mixinStandardHelpOptions = true)
final class MirrorCommand implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "mirror needs a command: export, import, verify, push or pull");
  }
}
