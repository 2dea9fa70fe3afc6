package dev.modelbake.layout;

import dev.modelbake.model.HubRepository;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The names in the cache of huggingface_hub, read in its source ({@code file_download.py}): {@code
 * blobs/<id>}, {@code snapshots/<commit>/<path>} as relative links to blobs, {@code refs/<ref>}
 * with the commit and nothing else in it.
 *
 * @param folder the repository's own, such as {@code models--org--name}
 */
public record HubCache(Path folder) {
  private static final Pattern ID = Pattern.compile("[0-9a-f]{40}|[0-9a-f]{64}");

  /** The cache of a repository below a directory that holds many. */
  public static HubCache of(Path cache, HubRepository repository) {
    String name = repository.kind().label() + "s--" + repository.id().replace("/", "--");
    return new HubCache(cache.resolve(name));
  }

  /** Where the bytes are. */
  public Path blob(String id) {
    return folder.resolve("blobs").resolve(id);
  }

  /** Where libraries look for a file of a commit. */
  public Path pointer(String commit, String path) {
    return folder.resolve("snapshots").resolve(commit).resolve(path);
  }

  /** The file that says which commit a branch or tag is. */
  public Path ref(String ref) {
    return folder.resolve("refs").resolve(ref);
  }

  /** The id of the blob that a link at a pointer names; empty when it names anything else. */
  public Optional<String> blobIn(Path pointer, String text) {
    String id = text.substring(text.lastIndexOf('/') + 1);
    return ID.matcher(id).matches() && text.equals(link(pointer, id))
        ? Optional.of(id)
        : Optional.empty();
  }

  /** What the link at a pointer says. */
  public String link(Path pointer, String id) {
    Path parent = pointer.getParent();
    if (parent == null) {
      throw new IllegalArgumentException("a pointer lies below its repository");
    }
    return parent.relativize(blob(id)).toString();
  }
}
