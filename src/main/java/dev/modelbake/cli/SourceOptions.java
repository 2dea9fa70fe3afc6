package dev.modelbake.cli;

import dev.modelbake.model.UsageException;
import dev.modelbake.plan.PlanOptions.Reach;
import dev.modelbake.plan.PlanOptions.Rewrite;
import dev.modelbake.plan.PlanOptions.Sources;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
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

  Sources sources() {
    Reach reach = offline ? Reach.OFFLINE : onlyMirrors ? Reach.ONLY_MIRRORS : Reach.EVERYWHERE;
    return new Sources(mirrors, reach, rewrites.stream().map(SourceOptions::parseRewrite).toList());
  }

  private static Rewrite parseRewrite(String text) {
    int equals = text.indexOf("=");
    if (equals <= 0) {
      throw new UsageException(
          "reading --rewrite", "there is no = between two prefixes", "write --rewrite FROM=TO");
    }
    return new Rewrite(text.substring(0, equals), text.substring(equals + 1));
  }

  Optional<Path> store() {
    return Optional.ofNullable(store);
  }

  Optional<Path> headersFile() {
    return Optional.ofNullable(headersFile);
  }

  Optional<Path> caFile() {
    return Optional.ofNullable(caFile);
  }

  List<String> allowedHosts() {
    return allowedHosts;
  }

  boolean isOffline() {
    return offline;
  }
}
