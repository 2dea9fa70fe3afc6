package dev.modelbake.cli;

import dev.modelbake.mirror.MirrorPlace;
import dev.modelbake.mirror.Pushed;
import dev.modelbake.report.Amounts;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "push",
    description = {
      "Push a mirror to a registry; what is there already is not sent.",
      "An artifact and a tag for each model, its files as raw layers, and the index",
      "under the tag modelbake-index. Prints each tag with its digest."
    },
    mixinStandardHelpOptions = true)
final class MirrorPushCommand implements Callable<Integer> {
  @Parameters(index = "0", paramLabel = "DIR", description = "The mirror's directory.")
  private String directory = "";

  @Parameters(index = "1", paramLabel = "REPOSITORY", description = "oci://HOST/REPOSITORY")
  private String repository = "";

  @Option(
      names = "--mount-from",
      paramLabel = "REPOSITORY",
      description =
          "Another repository of the same registry, by its name there, from which blobs may be"
              + " taken over. Repeatable.")
  private List<String> others = List.of();

  @Mixin private final MirrorRun mirror = new MirrorRun();

  private final Session session;

  MirrorPushCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() {
    Path path = MirrorPlace.directory(directory);
    mirror.refuseKeysBelow(path);
    Pushed pushed =
        mirror.run(session, Purpose.PUSH, bake -> bake.pushMirror(path, repository, others));
    pushed.tags().forEach((tag, digest) -> session.out().line(tag + " " + digest));
    mirror.tell(
        session,
        "%s: %s, %s sent"
            .formatted(
                MirrorRun.shown(repository),
                MirrorRun.told(pushed.index()),
                Amounts.count(pushed.uploaded(), "blob")));
    return ExitCode.OK.number();
  }
}
