package dev.modelbake.plan;

import dev.modelbake.model.Candidate;
import dev.modelbake.model.Candidate.Form;
import dev.modelbake.model.Candidate.Role;
import dev.modelbake.model.Descriptor;
import dev.modelbake.model.Digest;
import dev.modelbake.model.FilePart;
import dev.modelbake.model.Model;
import dev.modelbake.model.ModelFile;
import dev.modelbake.model.SourceUrl;
import dev.modelbake.model.Text;
import dev.modelbake.model.Unpacking;
import dev.modelbake.model.UsageException;
import dev.modelbake.oci.Repository;
import dev.modelbake.plan.PlanOptions.Reach;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Lists the places to try for a file, in order. */
final class Candidates {
  private final PlanOptions.Sources sources;
  private final String hubEndpoint;

  /**
   * The candidates of files.
   *
   * @param hubEndpoint where the Hugging Face hub is, such as {@code https://huggingface.co}
   */
  Candidates(PlanOptions.Sources sources, String hubEndpoint) {
    this.sources = sources;
    this.hubEndpoint = hubEndpoint;
    if (sources.reach() == Reach.ONLY_MIRRORS && sources.mirrors().isEmpty()) {
      throw new UsageException(
          "reading options", "--only-mirrors without a mirror", "add --mirror URL");
    }
  }

  List<Candidate> of(Model model, ModelFile file, List<Text> manifestMirrors) {
    Place place = new Place(model.name(), file.path(), file.pin().map(Descriptor::digest));
    List<String> own = new ArrayList<>();
    model.hub().ifPresent(hub -> own.add(hub.url(hubEndpoint, file.path())));
    file.sources().forEach(source -> own.add(source.value()));
    Set<Candidate> all = download(place, own, manifestMirrors);
    if (file.unpacking() instanceof Unpacking.Stream stream && stream.output().isPresent()) {
      Place output = new Place(model.name(), file.path(), stream.output().map(Descriptor::digest));
      for (Text mirror : stream.mirrors()) {
        add(all, expand(mirror.value(), output), Role.MIRROR, Form.UNPACKED);
      }
      // A mirror that was made of a baked tree has these bytes alone.
      for (String mirror : sources.mirrors()) {
        add(all, mirrorUrl(mirror, output), Role.SITE_MIRROR, Form.UNPACKED);
      }
    }
    return List.copyOf(all);
  }

  /** The candidates of one part of a file. */
  List<Candidate> of(Model model, ModelFile file, FilePart part, List<Text> manifestMirrors) {
    Place place = new Place(model.name(), file.path(), part.pin().map(Descriptor::digest));
    List<String> own = part.sources().stream().map(Text::value).toList();
    return List.copyOf(download(place, own, manifestMirrors));
  }

  private Set<Candidate> download(Place place, List<String> own, List<Text> manifestMirrors) {
    Set<Candidate> all = new LinkedHashSet<>();
    for (String mirror : sources.mirrors()) {
      add(all, mirrorUrl(mirror, place), Role.SITE_MIRROR, Form.DOWNLOAD);
    }
    Role role = Role.ORIGIN;
    for (String source : own) {
      add(all, expand(source, place), role, Form.DOWNLOAD);
      role = Role.MIRROR;
    }
    for (Text mirror : manifestMirrors) {
      add(all, mirrorUrl(mirror.value(), place), Role.MIRROR, Form.DOWNLOAD);
    }
    return all;
  }

  private void add(Set<Candidate> all, Optional<String> url, Role role, Form form) {
    if (url.isEmpty()) {
      return;
    }
    SourceUrl source = parse(rewrite(url.get()));
    boolean reachable =
        switch (sources.reach()) {
          case EVERYWHERE -> true;
          case ONLY_MIRRORS -> role == Role.SITE_MIRROR;
          case OFFLINE -> source.scheme().equals("file");
        };
    if (reachable && sources.hosts().allows(source)) {
      all.add(new Candidate(source, role, form));
    }
  }

  /** The manifest's own URLs were read before: what is wrong here came with an option. */
  private static SourceUrl parse(String url) {
    try {
      return SourceUrl.parse(url);
    } catch (IllegalArgumentException e) {
      throw new UsageException(
          "reading --mirror and --rewrite",
          e.getMessage() == null ? "this is no URL" : e.getMessage(),
          "write https://host/path, or file:DIR for a directory");
    }
  }

  private String rewrite(String url) {
    for (PlanOptions.Rewrite rewrite : sources.rewrites()) {
      if (url.startsWith(rewrite.from())) {
        return rewrite.to() + url.substring(rewrite.from().length());
      }
    }
    return url;
  }

  /** A template as it is, or the address of a blob below a base URL. */
  private static Optional<String> mirrorUrl(String mirror, Place place) {
    if (mirror.indexOf('{') >= 0) {
      return expand(mirror, place);
    }
    if (Repository.isOne(mirror)) {
      return inRepository(mirror, place);
    }
    String base = mirror.replaceAll("/+$", "");
    return place
        .digest()
        .map(digest -> base + "/blobs/" + digest.algorithm().label() + "/" + digest.hex());
  }

  /** The blob with the pinned digest, in a repository of a registry. */
  private static Optional<String> inRepository(String mirror, Place place) {
    return place.digest().map(digest -> repository(mirror).blob(digest).uri().toString());
  }

  private static Repository repository(String mirror) {
    try {
      return Repository.parse(mirror);
    } catch (IllegalArgumentException e) {
      throw new UsageException(
          "reading the mirror " + SourceUrl.shown(mirror),
          String.valueOf(e.getMessage()),
          "write oci://HOST/REPOSITORY, the repository in lower case");
    }
  }

  /** Fills a template; one that needs a digest gives nothing for an unpinned file. */
  private static Optional<String> expand(String template, Place place) {
    if (Repository.isOne(template)) {
      return inRepository(template, place);
    }
    boolean needsDigest =
        template.contains("{hex}")
            || template.contains("{digest}")
            || template.contains("{algorithm}");
    if (needsDigest && place.digest().isEmpty()) {
      return Optional.empty();
    }
    String url = template;
    if (needsDigest) {
      Digest digest = place.digest().orElseThrow();
      url =
          url.replace("{algorithm}", digest.algorithm().label())
              .replace("{hex}", digest.hex())
              .replace("{digest}", digest.toString());
    }
    return Optional.of(
        url.replace("{name}", encode(place.name())).replace("{path}", encode(place.path())));
  }

  private static String encode(String path) {
    return Arrays.stream(path.split("/", -1))
        .map(part -> URLEncoder.encode(part, StandardCharsets.UTF_8).replace("+", "%20"))
        .collect(Collectors.joining("/"));
  }

  /** What a template may name. */
  private record Place(String name, String path, Optional<Digest> digest) {}
}
