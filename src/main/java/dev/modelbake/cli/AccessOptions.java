package dev.modelbake.cli;

import dev.modelbake.bake.ModelBake;
import dev.modelbake.model.EnvironmentException;
import dev.modelbake.model.Site;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How hosts are reached, and what the site says of it. */
final class AccessOptions {
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

  @Option(
      names = "--insecure-registry",
      paramLabel = "HOST",
      description = "Speak plain http to this registry, HOST or HOST:PORT. Repeatable.")
  private List<String> insecureRegistries = List.of();

  @Option(
      names = "--site",
      paramLabel = "FILE",
      description =
          "The site's mirrors, keys and policy (default: the first of MODELBAKE_SITE,"
              + " /run/secrets/modelbake-site, /etc/modelbake/site.yaml, and etc/site.yaml beside"
              + " the tool).")
  private @Nullable Path site;

  /**
   * Finds out, before other work, whether the files can be read.
   *
   * @throws EnvironmentException if one cannot
   */
  void check() {
    require("--cacert", caFile);
    require("--headers-file", headersFile);
  }

  private static void require(String option, @Nullable Path file) {
    if (file != null && !Files.isReadable(file)) {
      throw new EnvironmentException(
          option, file + " cannot be read", "give a file that is there and readable", null);
    }
  }

  ModelBake apply(Session session, ModelBake plain) {
    ModelBake bake =
        plain
            .allowHost(allowedHosts.toArray(String[]::new))
            .insecureRegistry(insecureRegistries.toArray(String[]::new))
            .credentialHelpers();
    if (headersFile != null) {
      bake = bake.headersFile(headersFile);
    }
    if (caFile != null) {
      bake = bake.caFile(caFile);
    }
    Optional<Site> rules = SiteFile.find(site, session.environment());
    return rules.isPresent() ? bake.site(rules.get()) : bake;
  }
}
