package dev.modelbake.store;

import dev.modelbake.model.Digest;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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
  public Stream<Path> partials(Digest digest) throws IOException {
    return named(digest, ".partial");
  }

  @Override
  public Stream<Path> find(Digest digest) throws IOException {
    return named(digest, ".blob");
  }

  private Stream<Path> named(Digest digest, String ending) throws IOException {
    List<Path> found = new ArrayList<>();
    try (DirectoryStream<Path> files =
        Files.newDirectoryStream(root, digest.hex() + "-*" + ending)) {
      files.forEach(found::add);
    }
    return found.stream();
  }
}
