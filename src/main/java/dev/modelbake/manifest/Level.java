package dev.modelbake.manifest;

import dev.modelbake.model.Suggestion;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A kind of mapping in a manifest and the keys it may have.
 *
 * @param noun what such a mapping is
 * @param place where such a mapping stands
 * @param later keys of the design that this version does not read, with what to do meanwhile
 */
record Level(String noun, String place, List<String> keys, Map<String, String> later) {
  static final Level MANIFEST =
      new Level(
          "the manifest",
          "at the top of the manifest",
          List.of("schema", "owner", "home", "env", "mirrors", "mode", "dir-mode", "models"),
          Map.of("access", "write owner, mode and dir-mode"));

  static final Level MODEL =
      new Level(
          "a model",
          "in a model",
          List.of(
              "name",
              "license",
              "homepage",
              "dir",
              "owner",
              "groups",
              "mode",
              "dir-mode",
              "env",
              "layout",
              "files"),
          Map.of(
              "huggingface", "list the files with url, sha256 and size",
              "catalog", "write the model out with name, dir and files",
              "dirs", "make the directories beside the bake (install -d)",
              "access", "write owner, mode and dir-mode"));

  static final Level FILE =
      new Level(
          "a file",
          "in an entry of files",
          List.of(
              "url",
              "mirrors",
              "path",
              "sha256",
              "size",
              "digests",
              "unpack",
              "unpacked",
              "strip",
              "include",
              "members",
              "max-size",
              "max-files",
              "links",
              "mode"),
          Map.of(
              "also", "write a second entry with the same url and another path",
              "parts", "give the parts as files of their own, or a url that serves the whole",
              "lfs", "remove it; it belongs to huggingface"));

  static final Level UNPACKED_FILE =
      new Level(
          "unpacked",
          "in unpacked of one compressed file",
          List.of("sha256", "size", "mirrors"),
          Map.of());

  static final Level UNPACKED_TREE =
      new Level(
          "unpacked", "in unpacked of an archive", List.of("tree", "files", "size"), Map.of());

  static final Level MEMBER =
      new Level("a member", "in an entry of members", List.of("path", "sha256", "size"), Map.of());

  /** Tells a key that is not read at this level, and answers the one that was probably meant. */
  Optional<String> refuse(Yaml.Scalar key, Problems problems) {
    String name = Problems.quoted(key.text());
    String meanwhile = later.get(key.text());
    if (meanwhile != null) {
      problems.error(
          key.at(),
          "not-supported",
          "%s is not supported yet by this version".formatted(name),
          meanwhile);
      return Optional.empty();
    }
    Optional<Level> owner = owner(key.text());
    Optional<String> meant = Suggestion.closest(key.text(), keys);
    String remedy =
        meant
            .map("did you mean %s?"::formatted)
            .or(() -> owner.map(level -> "write it " + level.place))
            .orElse("known here: " + String.join(", ", keys));
    problems.error(key.at(), "unknown-key", "%s is no key of %s".formatted(name, noun), remedy);
    return meant;
  }

  /** The level where a key is at home, if it is at home anywhere. */
  private static Optional<Level> owner(String key) {
    for (Level level : List.of(FILE, MODEL, MANIFEST)) {
      if (level.keys.contains(key)) {
        return Optional.of(level);
      }
    }
    return Optional.empty();
  }
}
