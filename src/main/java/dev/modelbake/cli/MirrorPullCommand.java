package dev.modelbake.cli;

import dev.modelbake.mirror.MirrorPlace;
import dev.modelbake.model.UsageException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
    name = "pull",
    description = "Take a mirror over from a registry, as import does.",
    mixinStandardHelpOptions = true)
final class MirrorPullCommand implements Callable<Integer> {
  @Parameters(index = "0", paramLabel = "REPOSITORY", description = "oci://HOST/REPOSITORY")
  private String source = "";

  @Parameters(index = "1", paramLabel = "DEST", description = "The directory to fill.")
  private String destination = "";

  @Mixin private final MirrorRun mirror = new MirrorRun();

  private final Session session;

  MirrorPullCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() {
    if (!source.startsWith("oci://")) {
      throw new UsageException(
          "reading the repository",
          "it does not begin with oci://",
          "write oci://HOST/REPOSITORY; for a directory or a URL use mirror import");
    }
    var index =
        mirror.run(
            session,
            Purpose.MIRROR,
            bake -> bake.importMirror(source, MirrorPlace.directory(destination)));
    mirror.tell(session, destination + ": " + MirrorRun.told(index));
    return ExitCode.OK.number();
  }
}
