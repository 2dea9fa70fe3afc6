package dev.modelbake.store;

import dev.modelbake.model.Digest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * The files of one run: {@code <hex>-<token>.partial} and {@code <hex>-<token>.blob}, side by side.
 * Several blobs may have the same digest, since each is going to be renamed to a place of its own.
 */
record StagingFiles(Path root) implements BlobDirectory {
  @Override
  public Durability durability() {
    return Durability.LATER;
  }

  @Override
  public Path partial(Digest digest, String token) {
    return root.resolve(digest.hex() + "-" + token + ".partial");
  }

  @Override
  public Path keep(Path partial, Digest digest, String token) throws IOException {
    return Files.move(partial, root.resolve(digest.hex() + "-" + token + ".blob"));
  }

  @Override
  public Stream<Path> find(Digest digest) throws IOException {
    String prefix = digest.hex() + "-";
    try (Stream<Path> files = Files.list(root)) {
      return files.filter(file -> isBlob(file, prefix)).toList().stream();
    }
  }

  private static boolean isBlob(Path file, String prefix) {
    String name = file.getFileName().toString();
    return name.startsWith(prefix) && name.endsWith(".blob");
  }
}
