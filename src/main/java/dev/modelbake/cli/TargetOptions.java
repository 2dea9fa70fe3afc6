package dev.modelbake.cli;

import dev.modelbake.bake.ModelBake;
import dev.modelbake.model.UsageException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where files go and whose they are. */
final class TargetOptions {
  @Option(
      names = "--root",
      paramLabel = "DIR",
      description =
          "A directory that stands for /. Its passwd names the users, and the variables of this"
              + " process are not consulted.")
  private Path root = Path.of("/");

  @Option(
      names = "--owner",
      paramLabel = "OWNER",
      description = "Owner of all files: name, uid, user:group, or self. Wins over the manifest.")
  private @Nullable String owner;

  @Option(
      names = "--home",
      paramLabel = "DIR",
      description = "What ~ means. Wins over the manifest and passwd.")
  private @Nullable String home;

  Path root() {
    return root.toAbsolutePath().normalize();
  }

  ModelBake apply(ModelBake plain) {
    ModelBake bake = plain.root(root());
    if (owner != null) {
      if (owner.isEmpty()) {
        throw new UsageException(
            "reading --owner", "it is empty", "write a name, a number, USER:GROUP or self");
      }
      bake = bake.owner(owner);
    }
    return home == null ? bake : bake.home(home);
  }
}
