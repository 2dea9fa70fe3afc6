package dev.modelbake.cli;

import dev.modelbake.bake.ModelBake;
import dev.modelbake.guard.GuardOptions;
import dev.modelbake.guard.GuardReport;
import dev.modelbake.guard.RecordOptions;
import dev.modelbake.guard.RecordOptions.Output;
import dev.modelbake.guard.Recorder;
import dev.modelbake.guard.Recording;
import dev.modelbake.manifest.ManifestFile;
import dev.modelbake.model.EnvironmentException;
import dev.modelbake.model.UsageException;
import dev.modelbake.report.Detail;
import dev.modelbake.report.GuardText;
import dev.modelbake.report.RecordText;
import dev.modelbake.store.TemporaryDirectory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "record",
    description = {
      "Run a warm-up with the network on, and write a manifest of what it downloaded.",
      "Every pin is checked by fetching its source again."
    },
    mixinStandardHelpOptions = true)
final class RecordCommand implements Callable<Integer> {
  @Parameters(
      arity = "0..*",
      paramLabel = "COMMAND",
      description = "The command and its arguments, behind --.")
  private List<String> command = List.of();

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE",
      description =
          "The manifest to write, a new file (default: models.yaml, with --merge its FILE); - is"
              + " standard output, and the command's own goes to standard error.")
  private @Nullable Path output;

  @Option(
      names = "--watch",
      paramLabel = "DIR",
      description =
          "A further directory into which it downloads, beside the caches of libraries and Python's"
              + " packages. Repeatable.")
  private List<Path> watch = List.of();

  @Option(
      names = "--merge",
      paramLabel = "FILE",
      description =
          "Add to this manifest what it does not have yet; with -o it stays, and the sum goes"
              + " there.")
  private @Nullable Path merge;

  @Option(
      names = "--prove",
      description = {
        "Then bake the manifest into an empty directory and run the command there with",
        "the network refused: exit 79 when anything reached out."
      })
  private boolean prove;

  @Mixin private final TemporaryOption temporary = new TemporaryOption();

  @Mixin private final AccessOptions access = new AccessOptions();
  @Mixin private final OutputOptions progress = new OutputOptions();

  private static final int SIGNALLED = 128;

  /** Those that end programs that did not end themselves. */
  private static final Map<Integer, String> SIGNALS =
      Map.of(
          1, "HUP", 2, "INT", 3, "QUIT", 6, "ABRT", 9, "KILL", 11, "SEGV", 13, "PIPE", 15, "TERM");

  private final Session session;

  RecordCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() {
    session.requireProcess("record");
    check();
    access.check();
    Optional<ManifestFile> existing = Optional.ofNullable(merge).map(ManifestFile::read);
    requireWritable(existing);
    Map<String, String> environment = CallerEnvironment.of(session.environment());
    GuardOptions run = new GuardOptions(command, environment, List.of(), new ProcessSignals());
    Output stdout = isPrinted() ? Output.ERROR : Output.INHERITED;
    Recording recording =
        record(new RecordOptions(run, watch, temporary.directory(session), stdout));
    if (recording.fault().isPresent() || recording.exit() != 0) {
      progress.complain(
          session,
          "error: recording %s – %s – nothing is written: mend the command, then record it"
              .formatted(command.get(0), recording.fault().orElse(ended(recording.exit()))));
      return recording.exit();
    }
    Path file = target();
    if (!recording.models().isEmpty()) {
      String text = ModelBake.manifestOf(recording, existing);
      if (existing.isPresent() && isMerged()) {
        existing.get().replace(text);
      } else {
        new DataFile(file).write(session, text);
      }
    }
    progress.print(session, RecordText.of(recording, file.toString()));
    if (recording.models().isEmpty()) {
      progress.complain(session, RecordText.failure(recording));
      boolean nothing = recording.derived().isEmpty();
      return (nothing ? ExitCode.MISSING : ExitCode.UNAVAILABLE).number();
    }
    if (!prove) {
      return ExitCode.OK.number();
    }
    requireMoved(Recorder.unmoved(recording, environment));
    return prove(file, run);
  }

  /** A shell and this program show a signal as a code above 128. */
  private static String ended(int code) {
    String signal = SIGNALS.get(code - SIGNALLED);
    return "it ended with "
        + code
        + (signal == null ? "" : ", as what signal %s ends does".formatted(signal));
  }

  /** What stands where the recording left it would be found there again, and prove nothing. */
  private static void requireMoved(List<Path> unmoved) {
    if (!unmoved.isEmpty()) {
      throw new EnvironmentException(
          "--prove",
          "%d new files lie outside HOME and the homes of libraries, such as %s: the command would"
                  .formatted(unmoved.size(), unmoved.get(0))
              + " find them again",
          "the manifest is written; bake it in a fresh image and run modelbake guard there",
          null);
    }
  }

  /**
   * Found out now: a warm-up may take an hour.
   *
   * @throws dev.modelbake.model.BakeException if the manifest could not be written
   */
  private void requireWritable(Optional<ManifestFile> existing) {
    existing.ifPresent(ModelBake::requireExtensible);
    if (existing.isPresent() && isMerged()) {
      existing.get().requireWritable();
    } else {
      new DataFile(target()).requireWritable();
    }
  }

  private boolean isMerged() {
    return target().equals(merge);
  }

  private boolean isPrinted() {
    return target().equals(Path.of("-"));
  }

  private Path target() {
    return output != null ? output : merge != null ? merge : SelectionOptions.DEFAULT;
  }

  private void check() {
    if (command.isEmpty()) {
      throw new UsageException(
          "reading arguments", "there is no command", "write modelbake record -- COMMAND");
    }
    temporary.directory(session);
    Path file = target();
    if (prove && isPrinted()) {
      throw new UsageException(
          "reading --prove", "a manifest on standard output is not kept", "name a file with -o");
    }
    if (!isMerged() && !isPrinted() && Files.exists(file)) {
      throw new UsageException(
          "reading -o", file + " exists", "name a new file, or add to it with --merge " + file);
    }
  }

  private Recording record(RecordOptions options) {
    try (Progress shown = progress.progress(session)) {
      return library().listener(shown).record(options);
    }
  }

  private ModelBake library() {
    ModelBake bake =
        ModelBake.manifests(List.of()).environment(session.environment()).owner("self");
    return access.apply(session, bake);
  }

  private int prove(Path manifest, GuardOptions run) {
    return TemporaryDirectory.during(
        temporary.directory(session), "modelbake-prove-", root -> prove(manifest, run, root));
  }

  private int prove(Path manifest, GuardOptions run, Path root) {
    GuardReport seen;
    ModelBake bake = access.apply(session, ModelBake.manifest(manifest));
    try (Progress shown = progress.progress(session)) {
      seen = bake.listener(shown).prove(run, root);
    }
    int code = seen.refused().isEmpty() ? seen.exit() : ExitCode.REFUSED.number();
    String text = GuardText.of(seen, Detail.BRIEF);
    if (code != 0) {
      progress.complain(session, text);
      return code;
    }
    progress.print(session, text);
    if (seen.worth() == GuardReport.Worth.NOTHING) {
      throw new EnvironmentException(
          "--prove",
          "no layer looked at the command: that it reached out to nobody is not known",
          "the manifest is written; run modelbake guard without a network, where the kernel counts",
          null);
    }
    return code;
  }
}
