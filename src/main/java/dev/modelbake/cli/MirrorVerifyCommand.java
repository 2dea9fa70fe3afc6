package dev.modelbake.cli;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
    name = "verify",
    description = {
      "Hash every blob of a mirror again, where it is; keeps nothing.",
      "Exit 0 proves all of it; 65 wrong bytes or signature, 66 missing, 79 unknown."
    },
    mixinStandardHelpOptions = true)
final class MirrorVerifyCommand implements Callable<Integer> {
  @Parameters(
      index = "0",
      paramLabel = "MIRROR",
      description = "A directory, a URL, or oci://HOST/REPOSITORY.")
  private String place = "";

  @Mixin private final MirrorRun mirror = new MirrorRun();

  private final Session session;

  MirrorVerifyCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() {
    mirror.refuseKeysBelow(Path.of(place));
    var index = mirror.run(session, Purpose.CHECK, bake -> bake.checkMirror(place));
    mirror.tell(session, MirrorRun.shown(place) + ": " + MirrorRun.told(index) + ", all proven");
    return ExitCode.OK.number();
  }
}
