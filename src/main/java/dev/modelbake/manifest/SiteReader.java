package dev.modelbake.manifest;

import dev.modelbake.manifest.Yaml.Mapping;
import dev.modelbake.model.FileFormat;
import dev.modelbake.model.HostRules;
import dev.modelbake.model.Location;
import dev.modelbake.model.ManifestException;
import dev.modelbake.model.MissingException;
import dev.modelbake.model.Policy;
import dev.modelbake.model.Problem;
import dev.modelbake.model.Reason;
import dev.modelbake.model.Site;
import dev.modelbake.model.Suggestion;
import dev.modelbake.model.Text;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads a site file, or tells everything that is wrong with it. */
public final class SiteReader {
  private final Path directory;
  private final Problems problems;
  private final Urls urls;

  private SiteReader(Path directory, Problems problems) {
    this.directory = directory;
    this.problems = problems;
    urls = new Urls(problems, Optional.of(Path.of("/")));
  }

  /**
   * Reads a file in YAML or JSON. Relative paths in it begin in its own directory.
   *
   * @throws MissingException if it is absent or cannot be read
   * @throws ManifestException with all of its problems
   */
  public static Site read(Path file) {
    Problems problems = new Problems(ManifestFiles.name(file));
    Path directory = file.toAbsolutePath().normalize().getParent();
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(ManifestFiles.MOST_BYTES + 1);
      ManifestText text =
          new ManifestText(problems.source(), Optional.ofNullable(directory), bytes);
      Optional<Yaml> root = YamlTree.read(text.decode(), problems);
      if (root.isEmpty() || !(root.get() instanceof Mapping mapping)) {
        throw new Unreadable(
            Problem.error(
                Location.of(problems.source()),
                "wrong-type",
                "the site file is no mapping",
                "write mirrors: with a list, for a beginning"));
      }
      Path base = directory == null ? Path.of("/") : directory;
      Site site = new SiteReader(base, problems).site(mapping);
      if (problems.hasErrors()) {
        throw new ManifestException(problems.inOrder());
      }
      return site;
    } catch (Unreadable e) {
      throw new ManifestException(List.of(e.problem()));
    } catch (IOException e) {
      throw new MissingException(
          "reading the site file " + problems.source(),
          "it cannot be read: " + Reason.of(e),
          "name a readable file with --site or MODELBAKE_SITE",
          e);
    }
  }

  private Site site(Mapping mapping) {
    Fields fields = new Fields(mapping, Level.SITE, problems);
    List<Text> mirrors = new ArrayList<>();
    for (Text mirror : fields.texts("mirrors", "https://models.corp.example")) {
      urls.mirror(fromHere(mirror)).ifPresent(mirrors::add);
    }
    Optional<Location> only =
        fields.isTrue("only-mirrors") ? Optional.of(fields.at("only-mirrors")) : Optional.empty();
    if (only.isPresent() && mirrors.isEmpty()) {
      problems.error(only.get(), "no-mirrors", "it names no mirrors", "write mirrors: [URL]");
    }
    Map<Text, Text> rewrites = new LinkedHashMap<>();
    fields
        .table("rewrite", "\"https://huggingface.co/\": \"https://hub.corp.example/\"")
        .forEach((from, to) -> rewrites.put(new Text(from.text(), from.at()), to));
    Optional<Site.Authorities> ca =
        fields.text("ca", "ca.pem").flatMap(this::path).map(this::authorities);
    List<Text> keys = fields.texts("trusted-keys", "RWQ…").stream().map(this::key).toList();
    Policy policy =
        fields
            .mapping("policy", "hosts: [models.corp.example]")
            .map(one -> policy(new Fields(one, Level.POLICY, problems)))
            .orElse(Policy.NONE);
    if (policy.signature().isPresent() && keys.isEmpty()) {
      problems.error(
          policy.signature().get(),
          "no-keys",
          "a signature is required, and no key is trusted",
          "write trusted-keys: [KEY]");
    }
    return new Site(Location.of(problems.source()), mirrors, only, rewrites, ca, keys, policy);
  }

  /** A relative {@code file:} place begins where the site file is. */
  private Text fromHere(Text mirror) {
    boolean relative = mirror.value().startsWith("file:") && !mirror.value().startsWith("file:/");
    return relative
        ? new Text(directory.toUri() + mirror.value().substring("file:".length()), mirror.at())
        : mirror;
  }

  private Site.Authorities authorities(Text path) {
    if (!Files.isReadable(Path.of(path.value()))) {
      problems.error(path.at(), "ca", "there is no such file that can be read", "name a PEM file");
    }
    return new Site.Authorities(Path.of(path.value()), path.at());
  }

  /** A key itself stays; anything else is the path of its file. */
  private Text key(Text text) {
    return text.value().matches("[A-Za-z0-9+/]{56}") ? text : path(text).orElse(text);
  }

  private Optional<Text> path(Text text) {
    try {
      return Optional.of(new Text(directory.resolve(text.value()).toString(), text.at()));
    } catch (InvalidPathException e) {
      problems.error(text.at(), "path", "this is no path", "write the path of a file");
      return Optional.empty();
    }
  }

  private Policy policy(Fields fields) {
    List<Text> hosts = fields.texts("hosts", "\"*.corp.example\"");
    hosts.stream()
        .filter(host -> !HostRules.FORM.matcher(host.value()).matches())
        .forEach(
            host ->
                problems.error(
                    host.at(),
                    "host",
                    "%s is no host".formatted(Problems.quoted(host.value())),
                    "write models.corp.example, \"*.corp.example\" or either with :PORT"));
    Optional<Fields> licenses =
        fields
            .mapping("licenses", "deny: [\"*-no-commercial-use\"]")
            .map(one -> new Fields(one, Level.LICENSES, problems));
    notEmpty(fields, "hosts");
    licenses.ifPresent(one -> notEmpty(one, "require"));
    boolean list = licenses.filter(one -> one.isList("require")).isPresent();
    Optional<Location> required =
        licenses
            .filter(one -> one.has("require") && (list || one.isTrue("require")))
            .map(one -> one.at("require"));
    return new Policy(
        hosts,
        licenses.map(one -> one.texts("deny", "\"AGPL-*\"")).orElse(List.of()),
        list ? licenses.get().texts("require", "Apache-2.0") : List.of(),
        required,
        formats(fields),
        signature(fields));
  }

  /** An empty list says neither nothing nor everything. */
  private void notEmpty(Fields fields, String key) {
    if (fields.isEmptyList(key)) {
      problems.error(
          fields.at(key), "empty-list", key + " is empty", "list at least one, or leave it out");
    }
  }

  private List<Text> formats(Fields fields) {
    List<Text> formats =
        fields
            .mapping("formats", "deny: [pickle]")
            .map(one -> new Fields(one, Level.FORMATS, problems).texts("deny", "pickle"))
            .orElse(List.of());
    List<String> known = Arrays.stream(FileFormat.values()).map(FileFormat::label).toList();
    formats.stream()
        .filter(format -> !known.contains(format.value()))
        .forEach(
            format ->
                problems.error(
                    format.at(),
                    "format",
                    "%s is no format".formatted(Problems.quoted(format.value())),
                    Suggestion.closest(format.value(), known)
                        .map("did you mean %s?"::formatted)
                        .orElse("known are: " + String.join(", ", known))));
    return formats;
  }

  private Optional<Location> signature(Fields fields) {
    Optional<Text> signature = fields.text("signature", "required");
    if (signature.isPresent() && !signature.get().value().equals("required")) {
      problems.error(
          signature.get().at(),
          "signature",
          "it says %s".formatted(Problems.quoted(signature.get().value())),
          "write signature: required, or leave it out");
    }
    return signature.map(Text::at);
  }
}
