package dev.modelbake.model;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a person wrote: which models, pinned, and where they go.
 *
 * @param at the file as a whole
 * @param digest SHA-256 of the manifest's bytes
 * @param owner a name, uid, {@code user:group} or {@code self}
 * @param home what {@code ~} means
 * @param env cache homes of the image, in the order of the file
 * @param mirrors mirror templates and base URLs for every file
 */
public record Manifest(
    Location at,
    Digest digest,
    Optional<Text> owner,
    Optional<Text> home,
    Map<String, Text> env,
    List<Text> mirrors,
    List<Model> models) {
  public Manifest {
    env = Values.copy(env);
    mirrors = List.copyOf(mirrors);
    models = List.copyOf(models);
  }
}
