package dev.modelbake.store;

import dev.modelbake.digest.Digests;
import dev.modelbake.model.Descriptor;
import dev.modelbake.model.Digest;
import dev.modelbake.model.DigestMismatchException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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
    return keep(partial, new Descriptor(sha256, OptionalLong.of(length), expected.others()));
  }

  private Blob keep(Partial partial, Descriptor proven) throws IOException {
    Path blob = directory.resolve(partial.path().getFileName() + ".blob");
    Files.move(partial.path(), blob);
    return new Blob(blob, proven);
  }

  /** A new partial for bytes that come out of a proven blob and have no pin of their own. */
  public Partial begin(Blob parent) throws IOException {
    String name = parent.descriptor().digest().hex().substring(0, 16);
    return Partial.create(
        directory.resolve(name + "-" + counter.incrementAndGet() + ".derived.partial"), List.of());
  }

  /**
   * Makes a blob of bytes that were derived from a proven one.
   *
   * @param parent what they were derived from: the proof
   */
  public Blob derive(Blob parent, Partial partial) throws IOException {
    if (parent.size() == 0) {
      throw new IllegalArgumentException("nothing is derived from no bytes");
    }
    long length = partial.length();
    return keep(partial, Descriptor.of(partial.finish().sha256(), length));
  }
}
