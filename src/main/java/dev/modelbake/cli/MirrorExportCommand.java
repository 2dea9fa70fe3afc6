package dev.modelbake.cli;

import dev.modelbake.bake.MirrorOptions;
import dev.modelbake.bake.ModelBake;
import dev.modelbake.mirror.MirrorIndex;
import dev.modelbake.mirror.MirrorPlace;
import dev.modelbake.model.UsageException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "export",
    description = {
      "Fetch every download of manifests into a mirror, or add to one.",
      "Needs neither the image's owner nor its variables. What is there with the",
      "right bytes stays."
    },
    mixinStandardHelpOptions = true)
final class MirrorExportCommand implements Callable<Integer> {
  @Parameters(index = "0", paramLabel = "DIR", description = "The mirror's directory.")
  private String directory = "";

  @Parameters(
      index = "1..*",
      paramLabel = "MANIFEST",
      description = "Manifests to read, or catalog:NAME for a shipped one (default: models.yaml).")
  private List<Path> manifests = new ArrayList<>();

  @Mixin private final SelectorOptions selectors = new SelectorOptions();

  @Option(
      names = "--from",
      paramLabel = "DIR",
      description =
          "Look for the bytes in this directory first, whatever its files are called: a store, a"
              + " baked tree, a cache. Repeatable.")
  private List<Path> from = List.of();

  @Option(
      names = "--name",
      paramLabel = "NAME",
      description = "What the mirror is called (default: as it was, else models).")
  private @Nullable String name;

  @Option(
      names = "--counter",
      paramLabel = "N",
      description = "The index's counter (default: one more than before, when anything changed).")
  private @Nullable Long counter;

  @Option(names = "--with-tool", description = "Copy this program too, into DIR/tool.")
  private boolean withTool;

  @Mixin private final SourceOptions source = new SourceOptions();
  @Mixin private final TrustOptions trust = new TrustOptions();
  @Mixin private final TransferOptions transfer = new TransferOptions();
  @Mixin private final OutputOptions output = new OutputOptions();

  private final Session session;

  MirrorExportCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() {
    List<Path> read = manifests.isEmpty() ? List.of(SelectionOptions.DEFAULT) : manifests;
    ModelBake bake = ModelBake.manifests(read).environment(session.environment());
    bake = transfer.apply(trust.apply(source.apply(session, selectors.apply(bake))));
    try (Interruption guard = Interruption.guard(session)) {
      guard.watch();
      MirrorIndex index = export(bake);
      output.tell(session, directory + ": " + MirrorRun.told(index));
      return ExitCode.OK.number();
    }
  }

  private MirrorIndex export(ModelBake bake) {
    try (Progress progress = output.progress(session, Purpose.MIRROR)) {
      return bake.listener(progress)
          .exportMirror(
              MirrorPlace.directory(directory),
              new MirrorOptions(
                  from,
                  Optional.ofNullable(name),
                  counter == null ? OptionalLong.empty() : OptionalLong.of(counter),
                  withTool ? Optional.of(program()) : Optional.empty()));
    }
  }

  private static Path program() {
    return Installation.program()
        .orElseThrow(
            () ->
                new UsageException(
                    "reading --with-tool",
                    "this program does not run from a distribution or a jar",
                    "leave it out, or start the distribution's bin/modelbake"));
  }
}
