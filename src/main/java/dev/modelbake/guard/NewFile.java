package dev.modelbake.guard;

import dev.modelbake.digest.Hasher;
import dev.modelbake.model.Descriptor;
import dev.modelbake.model.Digest;
import dev.modelbake.model.InterruptedBakeException;
import dev.modelbake.model.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
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

  /** Looks at a file; nothing when there is none any more. */
  static Optional<NewFile> at(Path path, ExecutorService hashing) {
    try {
      return Files.isRegularFile(path)
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

  /** The digest of a file without a {@link #fault}. */
  Digest sha256() {
    try {
      return sha256.get();
    } catch (ExecutionException e) {
      throw new IllegalStateException("no digest of " + path, e.getCause());
    } catch (InterruptedException e) {
      throw interrupted();
    }
  }

  private InterruptedBakeException interrupted() {
    Thread.currentThread().interrupt();
    return new InterruptedBakeException("hashing " + path);
  }

  /** Why it cannot be pinned, whatever its sources give. */
  Optional<String> fault() {
    if (!isNameable(path)) {
      return Optional.of("its name is not UTF-8, and no manifest can write it");
    }
    try {
      sha256.get();
      return Optional.empty();
    } catch (ExecutionException e) {
      String why =
          e.getCause() instanceof IOException cause
              ? Reason.of(cause)
              : String.valueOf(e.getCause());
      return Optional.of("it cannot be read: " + why);
    } catch (InterruptedException e) {
      throw interrupted();
    }
  }

  /** Whether its path is text, which the name of a file need not be. */
  static boolean isNameable(Path path) {
    try {
      return Path.of(path.toString()).equals(path);
    } catch (InvalidPathException e) {
      return false;
    }
  }

  /** Whether these are its bytes. */
  boolean is(Descriptor descriptor) {
    boolean same = descriptor.size().isEmpty() || descriptor.size().getAsLong() == size;
    return same && fault().isEmpty() && sha256().equals(descriptor.digest());
  }
}
