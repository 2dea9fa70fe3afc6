package dev.modelbake.cli;

import dev.modelbake.bake.ModelBake;
import dev.modelbake.model.UsageException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Where bytes come from. */
final class SourceOptions {
  @Option(
      names = "--mirror",
      paramLabel = "URL",
      description =
          "A mirror, tried before the manifest's sources: a template with {algorithm} {hex}"
              + " {digest} {name} {path}, a base URL or file: directory with blobs/sha256/<hex>"
              + " below it, or oci://HOST/REPOSITORY. Repeatable.")
  private List<String> mirrors = List.of();

  @Option(
      names = "--only-mirrors",
      description = "Use the mirrors given with --mirror, and the site's, and nothing else.")
  private boolean onlyMirrors;

  @Option(
      names = "--offline",
      description = "Open no socket: use what is in place, in the store, or in file: mirrors.")
  private boolean offline;

  @Option(
      names = "--rewrite",
      paramLabel = "FROM=TO",
      description = "Replace a URL prefix. Repeatable; the first that fits wins.")
  private List<String> rewrites = List.of();

  @Option(
      names = "--store",
      paramLabel = "DIR",
      description = "Keep proven downloads here and look here first (default: MODELBAKE_STORE).")
  private @Nullable Path store;

  @Mixin private final AccessOptions access = new AccessOptions();

  ModelBake apply(Session session, ModelBake plain) {
    ModelBake bake = access.apply(session, plain).mirror(mirrors.toArray(String[]::new));
    for (String rewrite : rewrites) {
      bake = applyRewrite(bake, rewrite);
    }
    if (onlyMirrors) {
      bake = bake.onlyMirrors();
    }
    if (offline) {
      bake = bake.offline();
    }
    return store == null ? bake : bake.store(store);
  }

  private static ModelBake applyRewrite(ModelBake bake, String text) {
    int equals = text.indexOf('=');
    if (equals <= 0) {
      throw new UsageException(
          "reading --rewrite", "there is no = between two prefixes", "write --rewrite FROM=TO");
    }
    return bake.rewrite(text.substring(0, equals), text.substring(equals + 1));
  }
}
