package dev.modelbake.cli;

import dev.modelbake.bake.ModelBake;
import dev.modelbake.model.UsageException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where bytes come from. */
final class SourceOptions {
  @Option(
      names = "--mirror",
      paramLabel = "URL",
      description =
          "A mirror, tried before the manifest's sources: a template with {algorithm} {hex}"
              + " {digest} {name} {path}, or a base URL or file: directory with"
              + " blobs/sha256/<hex> below it. Repeatable.")
  private List<String> mirrors = List.of();

  @Option(
      names = "--only-mirrors",
      description = "Use the mirrors given with --mirror and nothing else.")
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

  @Option(
      names = "--headers-file",
      paramLabel = "FILE",
      description = "Lines `https://host[:port]/ Header: value`, sent to that origin only.")
  private @Nullable Path headersFile;

  @Option(
      names = "--cacert",
      paramLabel = "FILE",
      description = "PEM certificates to trust in addition.")
  private @Nullable Path caFile;

  @Option(
      names = "--allow-host",
      paramLabel = "HOST",
      description = "Allow a host whose address is link-local. Repeatable.")
  private List<String> allowedHosts = List.of();

  void apply(ModelBake bake) {
    bake.mirror(mirrors.toArray(String[]::new));
    bake.allowHost(allowedHosts.toArray(String[]::new));
    rewrites.forEach(text -> applyRewrite(bake, text));
    if (onlyMirrors) {
      bake.onlyMirrors();
    }
    if (offline) {
      bake.offline();
    }
    if (store != null) {
      bake.store(store);
    }
    if (headersFile != null) {
      bake.headersFile(headersFile);
    }
    if (caFile != null) {
      bake.caFile(caFile);
    }
  }

  private static void applyRewrite(ModelBake bake, String text) {
    int equals = text.indexOf('=');
    if (equals <= 0) {
      throw new UsageException(
          "reading --rewrite", "there is no = between two prefixes", "write --rewrite FROM=TO");
    }
    bake.rewrite(text.substring(0, equals), text.substring(equals + 1));
  }
}
