package dev.modelbake.store;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;

import dev.modelbake.model.Digest;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The files of one run: {@code <hex>-<token>.partial} and {@code <hex>-<token>.blob}, side by side.
 * Several blobs may have the same digest, since each is going to be renamed to a place of its own.
 *
 * <p>What earlier runs left is there before the first question, and read once: a directory of many
 * files is long.
 */
final class StagingFiles implements BlobDirectory {
  private static final String BLOB = ".blob";

  private final Path root;
  private @Nullable Map<String, List<Path>> left;

  StagingFiles(Path root) {
    this.root = root;
  }

  @Override
  public Path root() {
    return root;
  }

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
    return Files.move(partial, root.resolve(digest.hex() + "-" + token + BLOB), ATOMIC_MOVE);
  }

  @Override
  public Stream<Path> partials(Digest digest) throws IOException {
    List<Path> found = new ArrayList<>();
    try (DirectoryStream<Path> files =
        Files.newDirectoryStream(root, digest.hex() + "-*.partial")) {
      files.forEach(found::add);
    }
    return found.stream();
  }

  @Override
  public synchronized Stream<Path> find(Digest digest) throws IOException {
    if (left == null) {
      left = new HashMap<>();
      try (DirectoryStream<Path> files = Files.newDirectoryStream(root, "*" + BLOB)) {
        for (Path file : files) {
          String hex = file.getFileName().toString().split("-", 2)[0];
          left.computeIfAbsent(hex, name -> new ArrayList<>()).add(file);
        }
      }
    }
    return left.getOrDefault(digest.hex(), List.of()).stream();
  }
}
