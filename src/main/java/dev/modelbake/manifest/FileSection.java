package dev.modelbake.manifest;

import dev.modelbake.manifest.Yaml.Mapping;
import dev.modelbake.model.Compression;
import dev.modelbake.model.Descriptor;
import dev.modelbake.model.FileMode;
import dev.modelbake.model.ModelFile;
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

  FileSection(Problems problems, Urls urls) {
    this.problems = problems;
    this.urls = urls;
    this.unpacking = new UnpackSection(problems, urls);
    this.pins = new Pins(problems);
    this.paths = new Paths(problems);
  }

  /** The file; empty when its place or its sources cannot be told. */
  Optional<ModelFile> read(Mapping mapping) {
    Fields fields = new Fields(mapping, Level.FILE, problems);
    fields.require("url", "write url: https://…");
    Optional<Text> url = fields.text("url", "https://…").flatMap(urls::url);
    List<Text> sources = new ArrayList<>();
    url.ifPresent(sources::add);
    for (Text mirror : fields.texts("mirrors", "https://…")) {
      urls.fileMirror(mirror).ifPresent(sources::add);
    }
    Optional<Descriptor> pin = pins.descriptor(fields);
    Optional<Unpacking> unpack = unpacking.read(fields);
    Optional<FileMode> mode = Modes.read(fields, "mode");
    pinWanted(fields, unpack);
    Optional<String> path = unpack.flatMap(how -> path(fields, url, how));
    return path.map(
        where -> new ModelFile(fields.at(), where, sources, pin, unpack.orElseThrow(), mode));
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
    String remedy = "run `modelbake pin %s`".formatted(problems.source());
    if (!fields.has("sha256") && !fields.hasLater()) {
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
