package dev.modelbake.publish;

import dev.modelbake.layout.HubCache;
import dev.modelbake.model.Target;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A link in a hub cache, where libraries look for a file, and the blob that it names.
 *
 * @param path of the link, as the image sees it
 * @param blob the file with the bytes, as the image sees it
 * @param text what the link says
 */
public record Pointer(Path path, Path blob, String text) {
  /** The pointer to a blob. */
  static Pointer to(String id, Path path, Target.Cache cache) {
    HubCache names = new HubCache(cache.repository());
    return new Pointer(path, names.blob(id), names.link(path, id));
  }

  /** The pointer that a link's text makes; empty when it names no blob of the repository. */
  public static Optional<Pointer> read(String text, Path path, Target.Cache cache) {
    return new HubCache(cache.repository()).blobIn(path, text).map(id -> to(id, path, cache));
  }

  /** The blob's name. */
  public String id() {
    return blob.getFileName().toString();
  }
}
