package dev.modelbake.manifest;

import dev.modelbake.manifest.Yaml.Mapping;
import dev.modelbake.model.Digest;
import dev.modelbake.model.Location;
import dev.modelbake.model.Manifest;
import dev.modelbake.model.Model;
import dev.modelbake.model.Problem;
import dev.modelbake.model.Text;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the top of a manifest. */
final class ManifestSection {
  static final String SCHEMA = "modelbake/1";

  private static final Pattern SCHEMAS = Pattern.compile("modelbake/([1-9][0-9]{0,8})");

  private final ManifestText text;
  private final Problems problems;
  private final CatalogSection catalog;

  /** The manifest as far as it could be read, and the names of its models with their places. */
  record Result(Manifest manifest, List<Text> names) {}

  ManifestSection(ManifestText text, ShippedModels shipped, Problems problems) {
    this.text = text;
    this.problems = problems;
    this.catalog = new CatalogSection(shipped, problems);
  }

  /**
   * Reads the root of the text.
   *
   * @throws Unreadable if it is no manifest of a known schema
   */
  Result read(Yaml root) throws Unreadable {
    if (!(root instanceof Mapping mapping)) {
      throw new Unreadable(
          Problem.error(
              root.at(),
              "wrong-type",
              "the manifest is %s here".formatted(root.sort()),
              "start it with schema: %s and models:".formatted(SCHEMA)));
    }
    refuseNewer(mapping);
    Fields fields = new Fields(mapping, Level.MANIFEST, problems);
    schema(fields);
    Settings settings = new Settings(problems);
    Urls urls = new Urls(problems, text.directory());
    Optional<Text> owner = settings.owner(fields);
    Optional<Text> home = settings.home(fields);
    Map<String, Text> env = settings.env(fields);
    List<Text> mirrors = new ArrayList<>();
    for (Text mirror : fields.texts("mirrors", "https://…/{hex}")) {
      urls.mirror(mirror).ifPresent(mirrors::add);
    }
    ModelSection.Defaults defaults =
        new ModelSection.Defaults(Modes.given(fields, Modes.DEFAULT), fields.has("mirrors"));
    List<Text> names = new ArrayList<>();
    List<Model> models = models(fields, new ModelSection(problems, urls, defaults), names);
    return new Result(
        new Manifest(
            Location.of(problems.source()), text.digest(), owner, home, env, mirrors, models),
        names);
  }

  private List<Model> models(Fields fields, ModelSection section, List<Text> names) {
    fields.require("models", "write models: with a list of models");
    List<Model> models = new ArrayList<>();
    for (Mapping mapping : fields.mappings("models", "name: organisation/model")) {
      Optional<CatalogSection.Entered> entered = catalog.enter(mapping);
      if (entered.isPresent()) {
        ModelSection.Named named =
            section.read(entered.get().mapping(), entered.get().digest().or(this::shipped));
        named.name().ifPresent(names::add);
        named.model().ifPresent(models::add);
      }
    }
    if (fields.isEmptyList("models")) {
      problems.error(
          fields.at("models"), "empty-list", "the manifest has no models", "list at least one");
    }
    return models;
  }

  /** The text's own digest when it is a shipped one. */
  private Optional<Digest> shipped() {
    return problems.source().startsWith(CatalogSection.SCHEME)
        ? Optional.of(text.digest())
        : Optional.empty();
  }

  private void schema(Fields fields) {
    fields.require("schema", "write schema: %s as its first line".formatted(SCHEMA));
    Optional<Text> schema = fields.text("schema", SCHEMA);
    if (schema.isPresent() && !schema.get().value().equals(SCHEMA)) {
      problems.error(
          schema.get().at(),
          "schema",
          "%s is no schema of a manifest".formatted(Problems.quoted(schema.get().value())),
          "write schema: " + SCHEMA);
    }
  }

  /** A later schema has keys that this version cannot know: complaints about them would mislead. */
  private static void refuseNewer(Mapping mapping) throws Unreadable {
    for (Yaml.Entry entry : mapping.entries()) {
      if (entry.key().text().equals("schema") && entry.value() instanceof Yaml.Scalar schema) {
        Matcher matcher = SCHEMAS.matcher(schema.text());
        if (matcher.matches() && !matcher.group().equals(SCHEMA)) {
          throw new Unreadable(
              Problem.error(
                  schema.at(),
                  "schema-newer",
                  "the manifest is of schema %s, this version knows %s"
                      .formatted(schema.text(), SCHEMA),
                  "it needs a newer modelbake"));
        }
      }
    }
  }
}
