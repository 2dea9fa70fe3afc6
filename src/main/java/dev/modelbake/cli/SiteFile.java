package dev.modelbake.cli;

import dev.modelbake.manifest.SiteReader;
import dev.modelbake.model.CredentialException;
import dev.modelbake.model.Site;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Finds the file with which a site decides for all its builds. */
final class SiteFile {
  private static final Path SECRET = Path.of("/run/secrets/modelbake-site");
  private static final Path SYSTEM = Path.of("/etc/modelbake/site.yaml");

  private SiteFile() {}

  /**
   * The first that there is; one that was named must be there.
   *
   * @throws CredentialException if the secret is there and this user may not read it
   */
  static Optional<Site> find(@Nullable Path named, Map<String, String> environment) {
    String variable = environment.getOrDefault("MODELBAKE_SITE", "");
    if (named != null) {
      return Optional.of(SiteReader.read(named));
    }
    if (!variable.isBlank()) {
      return Optional.of(SiteReader.read(Path.of(variable)));
    }
    List<Path> usual = new ArrayList<>(List.of(SECRET, SYSTEM));
    Installation.home().ifPresent(home -> usual.add(home.resolve("etc/site.yaml")));
    return firstOf(usual);
  }

  /** The first that there is, be it a link to nowhere: a site's rules are not lost in silence. */
  static Optional<Site> firstOf(List<Path> places) {
    Optional<Path> first =
        places.stream().filter(path -> Files.exists(path, LinkOption.NOFOLLOW_LINKS)).findFirst();
    if (first.isPresent() && Files.exists(first.get()) && !Files.isReadable(first.get())) {
      throw new CredentialException(
          first.get().toString(),
          "it exists but this user may not read it",
          "make it readable for the user who runs this step; in a Dockerfile with"
              + " --mount=type=secret,id=…,uid=<that user's number>",
          null);
    }
    return first.map(SiteReader::read);
  }
}
