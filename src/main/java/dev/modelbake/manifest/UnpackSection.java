package dev.modelbake.manifest;

import dev.modelbake.model.Compression;
import dev.modelbake.model.Descriptor;
import dev.modelbake.model.Suggestion;
import dev.modelbake.model.Text;
import dev.modelbake.model.Unpacking;
import dev.modelbake.model.Unpacking.Archive;
import dev.modelbake.model.Unpacking.Container;
import dev.modelbake.model.Unpacking.Limits;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

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
          "gzip", "gz", "bzip2", "bz2", "tar.bz", "tar.bz2", "zstd", "zst", "tgz", "tar.gz", "tbz",
          "tar.bz2", "tbz2", "tar.bz2", "txz", "tar.xz", "tzst", "tar.zst");

  private static final List<String> FOR_TREES =
      List.of("strip", "include", "members", "links", "max-files");
  private static final List<String> FOR_ALL = List.of("unpacked", "max-size");

  private final Problems problems;
  private final Pins pins;
  private final Urls urls;
  private final TreeSection trees;

  UnpackSection(Problems problems, Urls urls) {
    this.problems = problems;
    this.pins = new Pins(problems);
    this.urls = urls;
    this.trees = new TreeSection(problems);
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
      return Optional.of(trees.read(file, archive));
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
    Optional<Fields> unpacked =
        file.mapping("unpacked", "sha256: …, size: 99693937")
            .map(mapping -> new Fields(mapping, Level.UNPACKED_FILE, problems));
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
      fields.sizeWanted();
    }
    return new Unpacking.Stream(compression, output, mirrors, limits);
  }
}
