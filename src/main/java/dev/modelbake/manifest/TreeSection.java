package dev.modelbake.manifest;

import dev.modelbake.manifest.Yaml.Mapping;
import dev.modelbake.model.Descriptor;
import dev.modelbake.model.Digest;
import dev.modelbake.model.Text;
import dev.modelbake.model.Unpacking;
import dev.modelbake.model.Unpacking.Archive;
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

/** Reads what a file entry says about the tree that comes out of an archive. */
final class TreeSection {
  private static final int DEEPEST_STRIP = 100;
  private static final int LONGEST_GLOB = 1024;

  private final Problems problems;
  private final Pins pins;
  private final Paths paths;

  TreeSection(Problems problems) {
    this.problems = problems;
    this.pins = new Pins(problems);
    this.paths = new Paths(problems);
  }

  Unpacking read(Fields file, Archive archive) {
    int strip = Numbers.count(file, "strip", DEEPEST_STRIP, "1").orElse(0);
    List<String> include = include(file);
    Limits limits =
        new Limits(
            Numbers.bound(file, "max-size"),
            Numbers.count(file, "max-files", Integer.MAX_VALUE, "100000"));
    Optional<TreePin> whole =
        file.mapping("unpacked", "tree: …, files: 31, size: 120000")
            .map(mapping -> new Fields(mapping, Level.UNPACKED_TREE, problems))
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
      problems.warning(
          file.at("include"),
          "include-unused",
          "members already says which files are extracted",
          "remove include");
    }
    TreePin pin = members.or(() -> whole).orElseGet(TreePin.Absent::new);
    return new Unpacking.Tree(archive, strip, include, pin, links(file), limits);
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
    fields.sizeWanted();
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
    if (glob.isEmpty()
        || glob.length() > LONGEST_GLOB
        || glob.startsWith("/")
        || glob.indexOf('\\') >= 0) {
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
