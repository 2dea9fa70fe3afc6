package dev.modelbake.cli;

import dev.modelbake.mirror.MirrorPlace;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
    name = "import",
    description = {
      "Take a mirror over from a disk, a server or a registry.",
      "Signature, counter, sizes and digests come first, the index of DEST last. What",
      "is read is never changed."
    },
    mixinStandardHelpOptions = true)
final class MirrorImportCommand implements Callable<Integer> {
  @Parameters(
      index = "0",
      paramLabel = "SRC",
      description = "A directory, a URL, or oci://HOST/REPOSITORY.")
  private String source = "";

  @Parameters(index = "1", paramLabel = "DEST", description = "The directory to fill.")
  private String destination = "";

  @Mixin private final MirrorRun mirror = new MirrorRun();

  private final Session session;

  MirrorImportCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() {
    mirror.refuseKeysBelow(Path.of(source));
    var index =
        mirror.run(
            session,
            Purpose.MIRROR,
            bake -> bake.importMirror(source, MirrorPlace.directory(destination)));
    mirror.tell(session, destination + ": " + MirrorRun.told(index));
    return ExitCode.OK.number();
  }
}
