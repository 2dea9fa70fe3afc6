package dev.modelbake.manifest;

import dev.modelbake.manifest.Yaml.Mapping;
import dev.modelbake.model.Compression;
import dev.modelbake.model.Descriptor;
import dev.modelbake.model.Digest;
import dev.modelbake.model.Suggestion;
import dev.modelbake.model.Text;
import dev.modelbake.model.Unpacking;
import dev.modelbake.model.Unpacking.Archive;
import dev.modelbake.model.Unpacking.Container;
import dev.modelbake.model.Unpacking.Limits;
import dev.modelbake.model.Unpacking.Links;
import dev.modelbake.model.Unpacking.Member;
import dev.modelbake.model.Unpacking.TreePin;
import java.nio.file.FileSystems;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.regex.PatternSyntaxException;

/** Reads what a file entry says about unpacking. */
final class UnpackSection {
  private static final Map<String, Compression> STREAMS =
      Map.of(
          "bz2", Compression.BZ2,
          "gz", Compression.GZ,
          "xz", Compression.XZ,
          "zst", Compression.ZST);
  private static final Map<String, Archive> ARCHIVES =
      Map.of(
          "zip", new Archive(Container.ZIP, Compression.NONE),
          "tar", new Archive(Container.TAR, Compression.NONE),
          "tar.gz", new Archive(Container.TAR, Compression.GZ),
          "tar.bz2", new Archive(Container.TAR, Compression.BZ2),
          "tar.xz", new Archive(Container.TAR, Compression.XZ),
          "tar.zst", new Archive(Container.TAR, Compression.ZST));

  /** All values of {@code unpack}. */
  static final List<String> FORMATS =
      List.of("bz2", "gz", "xz", "zst", "zip", "tar", "tar.gz", "tar.bz2", "tar.xz", "tar.zst");

  /** Names that people know from tools and file endings. */
  private static final Map<String, String> OTHER_NAMES =
      Map.of(
          "gzip", "gz", "bzip2", "bz2", "bzip", "bz2", "lzma", "xz", "zstd", "zst", "tgz", "tar.gz",
          "tbz", "tar.bz2", "tbz2", "tar.bz2", "txz", "tar.xz", "tzst", "tar.zst");

  private static final List<String> FOR_TREES =
      List.of("strip", "include", "members", "links", "max-files");
  private static final List<String> FOR_ALL = List.of("unpacked", "max-size");
  private static final int DEEPEST_STRIP = 100;

  private final Problems problems;
  private final Pins pins;
  private final Urls urls;
  private final Paths paths;

  UnpackSection(Problems problems, Urls urls) {
    this.problems = problems;
    this.pins = new Pins(problems);
    this.urls = urls;
    this.paths = new Paths(problems);
  }

  /** What happens to the download; empty when {@code unpack} cannot be understood. */
  Optional<Unpacking> read(Fields file) {
    if (!file.has("unpack")) {
      FOR_TREES.forEach(key -> outOfPlace(file, key, "has no meaning without unpack"));
      FOR_ALL.forEach(key -> outOfPlace(file, key, "has no meaning without unpack"));
      return Optional.of(new Unpacking.None());
    }
    Optional<Text> format = file.text("unpack", "bz2");
    if (format.isEmpty()) {
      return Optional.empty();
    }
    Compression compression = STREAMS.get(format.get().value());
    if (compression != null) {
      FOR_TREES.forEach(key -> outOfPlace(file, key, "is for archives"));
      return Optional.of(stream(file, compression));
    }
    Archive archive = ARCHIVES.get(format.get().value());
    if (archive != null) {
      return Optional.of(tree(file, archive));
    }
    String name = format.get().value();
    String remedy =
        Optional.ofNullable(OTHER_NAMES.get(name))
            .or(() -> Suggestion.closest(name, FORMATS))
            .map("did you mean %s?"::formatted)
            .orElse("known: " + String.join(", ", FORMATS));
    problems.error(
        format.get().at(),
        "unpack-format",
        "%s is no format to unpack".formatted(Problems.quoted(name)),
        remedy);
    return Optional.empty();
  }

  private void outOfPlace(Fields file, String key, String why) {
    if (file.has(key)) {
      problems.error(
          file.at(key),
          "unpack-key",
          "%s %s".formatted(key, why),
          "remove it, or write unpack: with the right one of " + String.join(", ", FORMATS));
    }
  }

  private Unpacking stream(Fields file, Compression compression) {
    Limits limits = new Limits(Numbers.bound(file, "max-size"), OptionalInt.empty());
    Optional<Fields> unpacked = unpacked(file, Level.UNPACKED_FILE, "sha256: …, size: 99693937");
    Optional<Descriptor> output = Optional.empty();
    List<Text> mirrors = new ArrayList<>();
    if (unpacked.isPresent()) {
      Fields fields = unpacked.get();
      fields.require(
          "sha256", "run `modelbake pin %s`, or leave unpacked out".formatted(problems.source()));
      output = pins.descriptor(fields);
      for (Text mirror : fields.texts("mirrors", "https://…")) {
        urls.url(mirror).ifPresent(mirrors::add);
      }
      sizeWanted(fields, "size");
    }
    return new Unpacking.Stream(compression, output, mirrors, limits);
  }

  private Unpacking tree(Fields file, Archive archive) {
    int strip = Numbers.count(file, "strip", DEEPEST_STRIP, "1").orElse(0);
    List<String> include = include(file);
    Limits limits =
        new Limits(
            Numbers.bound(file, "max-size"),
            Numbers.count(file, "max-files", Integer.MAX_VALUE, "100000"));
    Optional<TreePin> whole =
        unpacked(file, Level.UNPACKED_TREE, "tree: …, files: 31, size: 120000")
            .flatMap(this::whole);
    Optional<TreePin> members = members(file);
    if (file.has("members") && file.has("unpacked")) {
      problems.error(
          file.at("unpacked"),
          "two-pins",
          "an archive is pinned by members or by unpacked, not by both",
          "keep one of them");
    }
    if (file.has("members") && file.has("include")) {
      problems.error(
          file.at("include"),
          "two-pins",
          "members already says which files are extracted",
          "remove include");
    }
    TreePin pin = members.or(() -> whole).orElseGet(TreePin.Absent::new);
    return new Unpacking.Tree(archive, strip, include, pin, links(file), limits);
  }

  private Optional<Fields> unpacked(Fields file, Level level, String example) {
    return file.mapping("unpacked", example).map(mapping -> new Fields(mapping, level, problems));
  }

  private Optional<TreePin> whole(Fields fields) {
    fields.require(
        "tree", "run `modelbake pin %s`, or leave unpacked out".formatted(problems.source()));
    Optional<Digest> digest = pins.sha256(fields, "tree");
    OptionalInt files = Numbers.count(fields, "files", Integer.MAX_VALUE, "31");
    OptionalLong size = Numbers.size(fields, "size");
    return digest.map(tree -> new TreePin.Whole(tree, files, size));
  }

  private Optional<TreePin> members(Fields file) {
    String example = "{path: …, sha256: …, size: …}";
    List<Mapping> entries = file.mappings("members", example);
    if (!file.has("members")) {
      return Optional.empty();
    }
    List<Member> members = new ArrayList<>();
    Map<String, Text> seen = new HashMap<>();
    for (Mapping entry : entries) {
      member(new Fields(entry, Level.MEMBER, problems), seen).ifPresent(members::add);
    }
    if (file.isEmptyList("members")) {
      problems.error(
          file.at("members"),
          "empty-list",
          "members names no file, so nothing would be extracted",
          "list the files, or remove it");
    }
    return Optional.of(new TreePin.Members(members));
  }

  private Optional<Member> member(Fields fields, Map<String, Text> seen) {
    fields.require("path", "write the path in the archive, after strip");
    fields.require("sha256", "run `modelbake pin %s` without members".formatted(problems.source()));
    Optional<Descriptor> pin = pins.descriptor(fields);
    sizeWanted(fields, "size");
    Optional<Text> text = fields.text("path", "model/weights.bin");
    Optional<String> path = text.flatMap(paths::file);
    if (path.isEmpty() || pin.isEmpty()) {
      return Optional.empty();
    }
    Text first = seen.putIfAbsent(path.get(), text.get());
    if (first != null) {
      problems.error(
          text.get().at(),
          "duplicate-member",
          "the member %s is listed twice, first on line %d"
              .formatted(Problems.quoted(path.get()), first.at().line()),
          "keep one of the two");
      return Optional.empty();
    }
    return Optional.of(new Member(path.get(), pin.get()));
  }

  private void sizeWanted(Fields fields, String key) {
    if (!fields.has(key)) {
      problems.warning(
          fields.at(),
          "size-missing",
          "%s has no size, so a wrong length is noticed only at the end".formatted(fields.noun()),
          "run `modelbake pin %s`".formatted(problems.source()));
    }
  }

  private List<String> include(Fields file) {
    List<String> globs = new ArrayList<>();
    for (Text glob : file.texts("include", "\"*.bin\"")) {
      if (isGlob(glob.value())) {
        globs.add(glob.value());
      } else {
        problems.error(
            glob.at(),
            "glob",
            "%s is no pattern for paths".formatted(Problems.quoted(glob.value())),
            "write a relative pattern such as \"*.bin\" or \"model/**\"");
      }
    }
    return globs;
  }

  private static boolean isGlob(String glob) {
    if (glob.isEmpty() || glob.startsWith("/") || glob.indexOf('\\') >= 0) {
      return false;
    }
    try {
      return FileSystems.getDefault().getPathMatcher("glob:" + glob) != null;
    } catch (PatternSyntaxException e) {
      return false;
    }
  }

  private Links links(Fields file) {
    Optional<Text> links = file.text("links", "internal");
    if (links.isEmpty() || links.get().value().equals("refused")) {
      return Links.REFUSED;
    }
    if (!links.get().value().equals("internal")) {
      problems.error(
          links.get().at(),
          "links",
          "%s is no rule for links".formatted(Problems.quoted(links.get().value())),
          "write internal or refused");
    }
    return Links.INTERNAL;
  }
}
