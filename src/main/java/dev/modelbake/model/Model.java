package dev.modelbake.model;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A named set of files with one directory and one layout.
 *
 * @param name such as {@code rembg/u2net_human_seg}
 * @param catalog the digest of the shipped manifest that the model was taken from
 * @param hub the repository its files come from
 * @param dir the directory as written, variables unresolved; absent when it must be given with
 *     {@code --dir}
 * @param owner overrides the manifest's
 * @param mode of files; the manifest's or {@code 0644} when the model gives none
 * @param dirMode of directories; the manifest's or {@code 0755} when the model gives none
 * @param groups names for {@code --group}
 * @param env what the final image must set for the library
 * @param dirs directories below {@code dir} to be made even when nothing is in them
 */
public record Model(
    String name,
    Location at,
    Optional<String> license,
    Optional<String> homepage,
    Optional<Digest> catalog,
    Optional<HubRepository> hub,
    Layout layout,
    Optional<Text> dir,
    Optional<Text> owner,
    Access access,
    FileMode mode,
    FileMode dirMode,
    List<String> groups,
    Map<String, Text> env,
    List<ModelFile> files,
    List<Text> dirs) {
  public Model {
    dirs = List.copyOf(dirs);
    groups = List.copyOf(groups);
    env = Values.copy(env);
    files = List.copyOf(files);
  }
}
