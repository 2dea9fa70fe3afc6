package dev.modelbake.manifest;

import dev.modelbake.model.Suggestion;
import java.util.List;
import java.util.Optional;

/**
 * A kind of mapping in a manifest and the keys it may have.
 *
 * @param noun what such a mapping is
 * @param place where such a mapping stands
 */
record Level(String noun, String place, List<String> keys) {
  static final Level MANIFEST =
      new Level(
          "the manifest",
          "at the top of the manifest",
          List.of(
              "schema", "owner", "home", "env", "mirrors", "access", "mode", "dir-mode", "models"));

  static final Level MODEL =
      new Level(
          "a model",
          "in a model",
          List.of(
              "name",
              "catalog",
              "license",
              "homepage",
              "huggingface",
              "layout",
              "dir",
              "owner",
              "groups",
              "access",
              "mode",
              "dir-mode",
              "env",
              "files",
              "dirs"));

  static final Level HUGGINGFACE =
      new Level("huggingface", "in huggingface", List.of("repo", "type", "revision", "ref"));

  static final Level FILE =
      new Level(
          "a file",
          "in an entry of files",
          List.of(
              "url",
              "mirrors",
              "parts",
              "path",
              "also",
              "sha256",
              "size",
              "digests",
              "lfs",
              "unpack",
              "unpacked",
              "strip",
              "include",
              "members",
              "max-size",
              "max-files",
              "links",
              "mode"));

  static final Level PART =
      new Level(
          "a part", "in an entry of parts", List.of("url", "mirrors", "sha256", "size", "digests"));

  static final Level PLACE =
      new Level("a further place", "in an entry of also", List.of("dir", "path"));

  static final Level UNPACKED_FILE =
      new Level(
          "unpacked", "in unpacked of one compressed file", List.of("sha256", "size", "mirrors"));

  static final Level UNPACKED_TREE =
      new Level("unpacked", "in unpacked of an archive", List.of("tree", "files", "size"));

  static final Level MEMBER =
      new Level("a member", "in an entry of members", List.of("path", "sha256", "size"));

  static final Level SITE =
      new Level(
          "the site file",
          "at the top of the site file",
          List.of("mirrors", "only-mirrors", "rewrite", "ca", "trusted-keys", "policy"));

  static final Level POLICY =
      new Level("policy", "in policy", List.of("hosts", "licenses", "formats", "signature"));

  static final Level LICENSES =
      new Level("licenses", "in licenses of policy", List.of("deny", "require"));

  static final Level FORMATS = new Level("formats", "in formats of policy", List.of("deny"));

  /** Tells a key that is not read at this level, and answers the one that was probably meant. */
  Optional<String> refuse(Yaml.Scalar key, Problems problems) {
    String name = Problems.quoted(key.text());
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
    for (Level level : List.of(FILE, MODEL, MANIFEST, HUGGINGFACE)) {
      if (level.keys.contains(key)) {
        return Optional.of(level);
      }
    }
    return Optional.empty();
  }
}
