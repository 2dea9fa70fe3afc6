package dev.modelbake.manifest;

import dev.modelbake.manifest.Yaml.Mapping;
import dev.modelbake.model.Compression;
import dev.modelbake.model.Descriptor;
import dev.modelbake.model.FileMode;
import dev.modelbake.model.FilePart;
import dev.modelbake.model.Hints;
import dev.modelbake.model.ModelFile;
import dev.modelbake.model.Place;
import dev.modelbake.model.SourceUrl;
import dev.modelbake.model.Text;
import dev.modelbake.model.Unpacking;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Reads one entry of {@code files}. */
final class FileSection {
  private final Problems problems;
  private final Urls urls;
  private final UnpackSection unpacking;
  private final Pins pins;
  private final Paths paths;

  private final Places places;

  /** What the model of a file says about all of its files. */
  enum Home {
    /** Files with URLs of their own. */
    PLAIN,
    /** Files of a repository of the hub, as plain files. */
    HUB,
    /** Files of a repository of the hub, in its cache. */
    HUB_CACHE
  }

  FileSection(Problems problems, Urls urls) {
    this.problems = problems;
    this.urls = urls;
    this.unpacking = new UnpackSection(problems, urls);
    this.pins = new Pins(problems);
    this.paths = new Paths(problems);
    this.places = new Places(problems);
  }

  /** The file; empty when its place or its sources cannot be told. */
  Optional<ModelFile> read(Mapping mapping, Home home) {
    Fields fields = new Fields(mapping, Level.FILE, problems);
    meaningful(fields, home);
    if (home != Home.PLAIN) {
      fields.require("path", "write path: with the file's path in the repository");
    } else if (!fields.has("parts")) {
      fields.require("url", "write url: https://…");
    }
    Optional<Text> url =
        home == Home.PLAIN ? fields.text("url", "https://…").flatMap(urls::url) : Optional.empty();
    List<Text> sources = sources(fields, url);
    List<FilePart> parts = parts(fields);
    Hints hints = pins.hints(fields);
    Optional<Descriptor> pin = pins.descriptor(fields, hints);
    Optional<Unpacking> unpack = unpacking.read(fields);
    List<Place> also = also(fields, unpack);
    boolean lfs = fields.isTrue("lfs");
    Optional<FileMode> mode = Modes.read(fields, "mode");
    pinWanted(fields, unpack);
    Optional<String> path = unpack.flatMap(how -> path(fields, url, how));
    return path.map(
        where ->
            new ModelFile(
                fields.at(),
                where,
                sources,
                pin,
                hints,
                parts,
                unpack.orElseThrow(),
                also,
                lfs,
                mode));
  }

  private List<Text> sources(Fields fields, Optional<Text> url) {
    List<Text> sources = new ArrayList<>();
    url.ifPresent(sources::add);
    for (Text mirror : fields.texts("mirrors", "https://…")) {
      urls.fileMirror(mirror).ifPresent(sources::add);
    }
    return sources;
  }

  /** Keys that say nothing, or something else, where the file comes from. */
  private void meaningful(Fields fields, Home home) {
    if (home != Home.PLAIN) {
      outOfPlace(fields, "url", "follows from huggingface and path", "remove it, or use mirrors");
      outOfPlace(fields, "parts", "has no meaning with huggingface", "remove it");
    } else {
      outOfPlace(fields, "lfs", "belongs to files of huggingface", "remove it");
    }
    if (home == Home.HUB_CACHE) {
      String plain = "write layout: flat for plain files, or remove it";
      outOfPlace(fields, "unpack", "has no place in the cache of the hub", plain);
      outOfPlace(fields, "also", "has no place in the cache of the hub", plain);
    }
    if (fields.has("parts")) {
      outOfPlace(fields, "url", "stands beside parts", "write either url or parts");
      outOfPlace(fields, "mirrors", "stands beside parts", "give each part its mirrors");
    }
  }

  private void outOfPlace(Fields fields, String key, String why, String remedy) {
    if (fields.has(key)) {
      problems.error(fields.at(key), "key-out-of-place", key + " " + why, remedy);
    }
  }

  private List<FilePart> parts(Fields file) {
    if (!file.has("parts")) {
      return List.of();
    }
    file.require("path", "write path: NAME, because no URL says it");
    List<FilePart> parts = new ArrayList<>();
    for (Mapping mapping : file.mappings("parts", "{url: https://…, sha256: …, size: …}")) {
      Fields fields = new Fields(mapping, Level.PART, problems);
      fields.require("url", "write url: https://…");
      Optional<Text> url = fields.text("url", "https://…").flatMap(urls::url);
      Hints hints = pins.hints(fields);
      Optional<Descriptor> pin = pins.descriptor(fields, hints);
      if (!fields.has("sha256")) {
        problems.warning(
            fields.at(),
            "unpinned",
            "the part has no sha256, so the file cannot be baked",
            problems.pinCommand(fields.at()));
      }
      fields.sizeWanted();
      parts.add(new FilePart(fields.at(), sources(fields, url), pin, hints));
    }
    if (file.isEmptyList("parts")) {
      problems.error(file.at("parts"), "empty-list", "the file has no parts", "list them in order");
    }
    return parts;
  }

  /** Further places: a path, or a mapping with a directory of its own. */
  private List<Place> also(Fields file, Optional<Unpacking> how) {
    List<Place> also = new ArrayList<>();
    for (Yaml item : file.items("also", "models/copy.onnx")) {
      if (item instanceof Mapping mapping) {
        Fields fields = new Fields(mapping, Level.PLACE, problems);
        fields.require("path", "write path: NAME");
        Optional<Text> dir = fields.text("dir", "/opt/models").flatMap(places::directory);
        fields
            .text("path", "model.onnx")
            .flatMap(paths::file)
            .ifPresent(path -> also.add(new Place(fields.at(), dir, path)));
      } else {
        file.item(item, "also", "models/copy.onnx")
            .ifPresent(
                text ->
                    paths
                        .file(text)
                        .ifPresent(path -> also.add(new Place(text.at(), Optional.empty(), path))));
      }
    }
    if (how.isPresent() && how.get() instanceof Unpacking.Tree) {
      outOfPlace(file, "also", "is for single files", "list the archive twice with another path");
      return List.of();
    }
    return also;
  }

  private Optional<String> path(Fields fields, Optional<Text> url, Unpacking how) {
    boolean tree = how instanceof Unpacking.Tree;
    if (fields.has("path")) {
      Optional<Text> path = fields.text("path", tree ? "corpora" : "model.onnx");
      return tree ? path.flatMap(paths::directory) : path.flatMap(paths::file);
    }
    if (tree) {
      return Optional.of("");
    }
    if (url.isEmpty()) {
      return Optional.empty();
    }
    String name = defaultName(SourceUrl.parse(url.get().value()).fileName(), how);
    if (name.isEmpty()) {
      problems.error(
          url.get().at(),
          "path-missing",
          "the URL ends in no file name to take as path",
          "write path: NAME");
      return Optional.empty();
    }
    return paths.file(new Text(name, url.get().at()));
  }

  private static String defaultName(String name, Unpacking how) {
    if (how instanceof Unpacking.Stream stream && stream.compression() != Compression.NONE) {
      String suffix = "." + stream.compression().name().toLowerCase(Locale.ROOT);
      if (name.toLowerCase(Locale.ROOT).endsWith(suffix)) {
        return name.substring(0, name.length() - suffix.length());
      }
    }
    return name;
  }

  private void pinWanted(Fields fields, Optional<Unpacking> how) {
    String remedy = problems.pinCommand(fields.at());
    if (!fields.has("sha256")) {
      problems.warning(
          fields.at(),
          "unpinned",
          fields.has("digests")
              ? "the file has no sha256, and further digests never stand alone"
              : "the file has no sha256, so it cannot be baked",
          remedy);
    }
    fields.sizeWanted();
    if (how.isPresent() && !isProven(how.get())) {
      problems.warning(
          fields.at(),
          "unpinned-output",
          "what comes out of the download is not pinned, so verify cannot prove it",
          remedy);
    }
  }

  private static boolean isProven(Unpacking how) {
    if (how instanceof Unpacking.Stream stream) {
      return stream.output().isPresent();
    }
    return !(how instanceof Unpacking.Tree tree)
        || !(tree.pin() instanceof Unpacking.TreePin.Absent);
  }
}
