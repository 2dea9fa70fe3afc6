package dev.modelbake.cli;

import dev.modelbake.bake.ModelBake;
import dev.modelbake.mirror.Collected;
import dev.modelbake.mirror.Collector.Mode;
import dev.modelbake.mirror.MirrorPlace;
import dev.modelbake.report.Amounts;
import dev.modelbake.report.Labels;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "gc",
    description = {
      "Remove from a store everything that these manifests do not name.",
      "Waits for builds that use the store. Of a mirror it rewrites the index, which",
      "must be signed again."
    },
    mixinStandardHelpOptions = true)
final class GcCommand implements Callable<Integer> {
  @Parameters(index = "0", paramLabel = "STORE", description = "The store's directory.")
  private String store = "";

  @Parameters(
      index = "1..*",
      arity = "1..*",
      paramLabel = "MANIFEST",
      description = "All manifests whose downloads are to stay.")
  private List<Path> manifests = new ArrayList<>();

  @Option(names = "--dry-run", description = "Only tell what would be removed.")
  private boolean dryRun;

  private final Session session;

  GcCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() {
    ModelBake bake = ModelBake.manifests(manifests).environment(session.environment());
    Collected collected =
        bake.collect(MirrorPlace.directory(store), dryRun ? Mode.DRY_RUN : Mode.REMOVE);
    collected.files().forEach(file -> session.out().line(Labels.text(file)));
    session
        .err()
        .line(
            "%s: %s%s (%s), %s kept"
                .formatted(
                    Labels.text(store),
                    dryRun ? "would remove " : "removed ",
                    Amounts.count(collected.files().size(), "file"),
                    Amounts.size(collected.bytes()),
                    Amounts.count(collected.kept(), "blob")));
    return ExitCode.OK.number();
  }
}
