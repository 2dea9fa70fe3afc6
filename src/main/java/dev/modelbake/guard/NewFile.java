package dev.modelbake.guard;

import dev.modelbake.digest.Hasher;
import dev.modelbake.model.Descriptor;
import dev.modelbake.model.Digest;
import dev.modelbake.model.DiskException;
import dev.modelbake.model.InterruptedBakeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;

/**
 * A file that was not there before the command ran, or not with these bytes. It is hashed while its
 * sources are asked, and waited for where its digest is needed.
 */
final class NewFile {
  private final Path path;
  private final long size;
  private final Future<Digest> sha256;

  private NewFile(Path path, long size, Future<Digest> sha256) {
    this.path = path;
    this.size = size;
    this.sha256 = sha256;
  }

  /** A file whose digest is known. */
  static NewFile of(Path path, Descriptor known) {
    return new NewFile(
        path, known.size().orElseThrow(), CompletableFuture.completedFuture(known.digest()));
  }

  /** Looks at a file; nothing when there is none any more, or it may not be read. */
  static Optional<NewFile> at(Path path, ExecutorService hashing) {
    try {
      return Files.isRegularFile(path) && Files.isReadable(path)
          ? Optional.of(
              new NewFile(path, Files.size(path), hashing.submit(() -> Hasher.sha256(path))))
          : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  Path path() {
    return path;
  }

  long size() {
    return size;
  }

  String name() {
    return String.valueOf(path.getFileName());
  }

  /**
   * Its digest.
   *
   * @throws DiskException if it cannot be read
   */
  Digest sha256() {
    try {
      return sha256.get();
    } catch (ExecutionException e) {
      throw new DiskException(
          "hashing " + path,
          path.toString(),
          String.valueOf(e.getCause()),
          "let the user who records read what the command wrote",
          e.getCause() instanceof IOException cause ? cause : new IOException(e));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedBakeException("hashing " + path);
    }
  }

  /** Whether these are its bytes. */
  boolean is(Descriptor descriptor) {
    boolean same = descriptor.size().isEmpty() || descriptor.size().getAsLong() == size;
    return same && sha256().equals(descriptor.digest());
  }
}
