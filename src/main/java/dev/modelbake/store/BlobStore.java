package dev.modelbake.store;

import dev.modelbake.digest.Digests;
import dev.modelbake.model.Descriptor;
import dev.modelbake.model.Digest;
import dev.modelbake.model.DigestMismatchException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;

/** A directory of partials and blobs. Safe for use by several threads. */
public final class BlobStore {
  private final Path directory;
  private final AtomicLong counter = new AtomicLong();

  private BlobStore(Path directory) {
    this.directory = directory;
  }

  /** The files of one run below an existing private directory, on the target's own mount. */
  public static BlobStore staging(Path directory) {
    return new BlobStore(directory);
  }

  /** A new partial that computes what the descriptor needs. */
  public Partial begin(Descriptor expected) throws IOException {
    String name = expected.digest().hex().substring(0, 16) + "-" + counter.incrementAndGet();
    return Partial.create(
        directory.resolve(name + ".partial"),
        expected.others().stream().map(Digest::algorithm).toList());
  }

  /**
   * Proves a partial and makes a blob of it; the only road from bytes to a {@link Blob}.
   *
   * @param what whose bytes they are, for messages
   * @throws DigestMismatchException if a digest or the size differs; the partial keeps its file,
   *     closed
   */
  public Blob admit(Partial partial, Descriptor expected, String what) throws IOException {
    long length = partial.length();
    Digests actual = partial.finish();
    Digest sha256 = actual.sha256();
    if (!expected.digest().equals(sha256)
        || (expected.size().isPresent() && expected.size().getAsLong() != length)) {
      throw new DigestMismatchException(what, expected, sha256, length);
    }
    for (Digest other : expected.others()) {
      Digest found = actual.get(other.algorithm());
      if (!other.equals(found)) {
        throw new DigestMismatchException(what, expected, found, length);
      }
    }
    Path blob = directory.resolve(partial.path().getFileName() + ".blob");
    Files.move(partial.path(), blob);
    return new Blob(blob, new Descriptor(sha256, OptionalLong.of(length), expected.others()));
  }
}
