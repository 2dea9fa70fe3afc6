package dev.modelbake.manifest;

import dev.modelbake.manifest.Yaml.Mapping;
import dev.modelbake.model.FileMode;
import dev.modelbake.model.Model;
import dev.modelbake.model.ModelFile;
import dev.modelbake.model.Suggestion;
import dev.modelbake.model.Text;
import dev.modelbake.model.Unpacking;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads one entry of {@code models}. */
final class ModelSection {
  private static final Pattern NAME =
      Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._+@-]*(?:/[A-Za-z0-9_][A-Za-z0-9._+@-]*)*");
  private static final Pattern GROUP = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._+@-]*");
  private static final Pattern WEB = Pattern.compile("https?://[^\\s/@]+(?:/\\S*)?");
  private static final int LONGEST_NAME = 255;

  private final Problems problems;
  private final Settings settings;
  private final FileSection files;
  private final Defaults defaults;

  /** What the manifest says for models which say nothing. */
  record Defaults(FileMode mode, FileMode dirMode, boolean mirrored) {}

  ModelSection(Problems problems, Urls urls, Defaults defaults) {
    this.problems = problems;
    this.settings = new Settings(problems);
    this.files = new FileSection(problems, urls);
    this.defaults = defaults;
  }

  /** The model's name with its place, and the model unless it is beyond understanding. */
  record Named(Optional<Text> name, Optional<Model> model) {}

  Named read(Mapping mapping) {
    Fields fields = new Fields(mapping, Level.MODEL, problems);
    fields.require("name", "write name: ORGANISATION/MODEL");
    fields.require("dir", "write dir: with the directory for its files, such as /opt/models");
    fields.require("files", "write files: with a list of entries that have a url");
    Optional<Text> name = fields.text("name", "organisation/model").filter(this::isName);
    layout(fields);
    Optional<Text> dir = settings.directory(fields, "dir");
    Optional<Text> owner = settings.owner(fields);
    FileMode mode = Modes.read(fields, "mode").orElse(defaults.mode());
    FileMode dirMode = Modes.read(fields, "dir-mode").orElse(defaults.dirMode());
    Optional<String> license = fields.text("license", "Apache-2.0").map(Text::value);
    Optional<String> homepage = homepage(fields);
    List<String> groups = groups(fields);
    Map<String, Text> env = settings.env(fields);
    List<ModelFile> entries = files(fields);
    if (name.isEmpty() || dir.isEmpty()) {
      return new Named(name, Optional.empty());
    }
    return new Named(
        name,
        Optional.of(
            new Model(
                name.get().value(),
                fields.at(),
                license,
                homepage,
                dir.get(),
                owner,
                mode,
                dirMode,
                groups,
                env,
                entries)));
  }

  private boolean isName(Text text) {
    String value = text.value();
    if (value.length() <= LONGEST_NAME && NAME.matcher(value).matches()) {
      return true;
    }
    problems.error(
        text.at(),
        "name",
        "%s is no name of a model".formatted(Problems.quoted(value)),
        "write letters, digits and . _ - + @ with / between parts, such as organisation/model");
    return false;
  }

  private void layout(Fields fields) {
    Optional<Text> layout = fields.text("layout", "flat");
    if (layout.isEmpty() || layout.get().value().equals("flat")) {
      return;
    }
    String value = layout.get().value();
    if (value.equals("huggingface")) {
      problems.error(
          layout.get().at(),
          "not-supported",
          "the layout 'huggingface' is not supported yet by this version",
          "write layout: flat");
      return;
    }
    problems.error(
        layout.get().at(),
        "layout",
        "%s is no layout".formatted(Problems.quoted(value)),
        Suggestion.closest(value, List.of("flat"))
            .map("did you mean %s?"::formatted)
            .orElse("write layout: flat, or leave it out"));
  }

  private Optional<String> homepage(Fields fields) {
    Optional<Text> text = fields.text("homepage", "https://…");
    if (text.isPresent() && !WEB.matcher(text.get().value()).matches()) {
      problems.error(
          text.get().at(),
          "homepage",
          "the homepage is no web address",
          "write https://HOST/PATH, without user or password");
    }
    return text.map(Text::value);
  }

  private List<String> groups(Fields fields) {
    Set<String> groups = new LinkedHashSet<>();
    for (Text group : fields.texts("groups", "segmentation")) {
      if (!GROUP.matcher(group.value()).matches()) {
        problems.error(
            group.at(),
            "name",
            "%s is no name of a group".formatted(Problems.quoted(group.value())),
            "write letters, digits and . _ - + @");
      }
      groups.add(group.value());
    }
    return List.copyOf(groups);
  }

  private List<ModelFile> files(Fields fields) {
    List<ModelFile> entries = new ArrayList<>();
    if (fields.has("huggingface") || fields.has("catalog")) {
      // Their files follow other rules; the one problem about the key says enough.
      return entries;
    }
    List<Mapping> mappings = fields.mappings("files", "{url: https://…}");
    for (Mapping mapping : mappings) {
      files.read(mapping).ifPresent(entries::add);
    }
    if (mappings.isEmpty() && fields.isEmptyList("files")) {
      problems.error(
          fields.at("files"), "empty-list", "the model has no files", "list at least one file");
    }
    entries.forEach(this::secondSourceWanted);
    return Overlaps.without(entries, problems);
  }

  private void secondSourceWanted(ModelFile file) {
    boolean elsewhere =
        file.unpacking() instanceof Unpacking.Stream stream && !stream.mirrors().isEmpty();
    if (file.sources().size() == 1 && !defaults.mirrored() && !elsewhere) {
      problems.warning(
          file.at(),
          "one-source",
          "the file has one source only",
          "write mirrors: with another URL of the same bytes");
    }
  }
}
