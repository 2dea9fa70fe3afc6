package dev.modelbake.manifest;

import dev.modelbake.manifest.Yaml.Mapping;
import dev.modelbake.model.Digest;
import dev.modelbake.model.HubRepository;
import dev.modelbake.model.Layout;
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
  private static final List<String> LAYOUTS = List.of("flat", "huggingface");

  private final Problems problems;
  private final Settings settings;
  private final FileSection files;
  private final Paths paths;
  private final Defaults defaults;

  ModelSection(Problems problems, Urls urls, Defaults defaults) {
    this.problems = problems;
    this.settings = new Settings(problems);
    this.files = new FileSection(problems, urls);
    this.paths = new Paths(problems);
    this.defaults = defaults;
  }

  /** What the manifest says for models which say nothing. */
  record Defaults(Modes.Given modes, boolean mirrored) {}

  /** The model's name with its place, and the model unless it is beyond understanding. */
  record Named(Optional<Text> name, Optional<Model> model) {}

  /**
   * Reads a model.
   *
   * @param catalog the digest of the shipped manifest it was taken from
   */
  Named read(Mapping mapping, Optional<Digest> catalog) {
    Fields fields = new Fields(mapping, Level.MODEL, problems);
    fields.require("name", "write name: ORGANISATION/MODEL");
    Optional<Text> name = fields.text("name", "organisation/model").filter(this::isName);
    Optional<HubRepository> hub = new HubSection(problems).read(fields);
    Layout layout = layout(fields);
    Optional<Text> dir = settings.directory(fields, "dir");
    boolean cached = layout == Layout.HUGGINGFACE;
    if (!cached && catalog.isEmpty()) {
      fields.placeWanted();
    }
    if (cached && !fields.has("dir")) {
      dir = Optional.of(new Text("${HF_HUB_CACHE}", fields.at()));
    }
    Optional<Text> owner = settings.owner(fields);
    Modes.Given modes = Modes.given(fields, defaults.modes());
    Optional<String> license = fields.text("license", "Apache-2.0").map(Text::value);
    Optional<String> homepage = homepage(fields);
    List<String> groups = groups(fields);
    Map<String, Text> env = settings.env(fields);
    List<Text> dirs = dirs(fields);
    List<ModelFile> entries = files(fields, layout);
    boolean unplaced = dir.isEmpty() && fields.has("dir");
    boolean unsourced = hub.isEmpty() && fields.has("huggingface");
    if (name.isEmpty() || unplaced || unsourced) {
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
                catalog,
                hub,
                layout,
                dir,
                owner,
                modes.access(),
                modes.files(),
                modes.directories(),
                groups,
                env,
                entries,
                dirs)));
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

  private Layout layout(Fields fields) {
    boolean hub = fields.has("huggingface");
    Optional<Text> layout = fields.text("layout", "flat");
    if (layout.isEmpty()) {
      return hub ? Layout.HUGGINGFACE : Layout.FLAT;
    }
    String value = layout.get().value();
    if (value.equals("huggingface") && !hub) {
      problems.error(
          layout.get().at(),
          "layout",
          "the layout 'huggingface' is for files of a repository of the hub",
          "write huggingface: {repo: organisation/name, revision: <40 hex>}");
    }
    if (!LAYOUTS.contains(value)) {
      problems.error(
          layout.get().at(),
          "layout",
          "%s is no layout".formatted(Problems.quoted(value)),
          Suggestion.closest(value, LAYOUTS)
              .map("did you mean %s?"::formatted)
              .orElse("write layout: flat, or leave it out"));
    }
    return value.equals("huggingface") ? Layout.HUGGINGFACE : Layout.FLAT;
  }

  private List<Text> dirs(Fields fields) {
    List<Text> dirs = new ArrayList<>();
    for (Text dir : fields.texts("dirs", "user_network")) {
      paths.directory(dir).ifPresent(path -> dirs.add(new Text(path, dir.at())));
    }
    return dirs;
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

  private List<ModelFile> files(Fields fields, Layout layout) {
    boolean hub = fields.has("huggingface");
    if (!hub && !fields.has("dirs") && !fields.has("catalog")) {
      fields.require("files", "write files: with a list of entries that have a url");
    }
    FileSection.Home home =
        !hub
            ? FileSection.Home.PLAIN
            : layout == Layout.FLAT ? FileSection.Home.HUB : FileSection.Home.HUB_CACHE;
    List<ModelFile> entries = new ArrayList<>();
    List<Mapping> mappings = fields.mappings("files", "{url: https://…}");
    for (Mapping mapping : mappings) {
      files.read(mapping, home).ifPresent(entries::add);
    }
    if (mappings.isEmpty() && fields.isEmptyList("files")) {
      problems.error(
          fields.at("files"), "empty-list", "the model has no files", "list at least one file");
    }
    if (hub && !fields.has("files")) {
      problems.warning(
          fields.at(),
          "unpinned",
          "the model lists no files of its repository, so it cannot be baked",
          problems.pinCommand(fields.at()));
    }
    if (!hub) {
      entries.forEach(this::secondSourceWanted);
    }
    return Overlaps.without(entries, problems);
  }

  private void secondSourceWanted(ModelFile file) {
    boolean elsewhere =
        file.unpacking() instanceof Unpacking.Stream stream && !stream.mirrors().isEmpty();
    boolean shipped = problems.isShipped(file.at());
    if (file.sources().size() == 1 && !defaults.mirrored() && !elsewhere && !shipped) {
      problems.warning(
          file.at(),
          "one-source",
          "the file has one source only",
          "write mirrors: with another URL of the same bytes");
    }
  }
}
