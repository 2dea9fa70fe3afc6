package dev.modelbake.fetch;

import dev.modelbake.model.BakeException;
import dev.modelbake.model.Descriptor;
import dev.modelbake.model.DigestAlgorithm;
import dev.modelbake.model.SourceUrl;
import dev.modelbake.store.Blob;
import dev.modelbake.store.BlobStore;
import dev.modelbake.store.Extent;
import dev.modelbake.store.Partial;
import dev.modelbake.store.Validator;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The partial of one file with what a transfer needs to know of it: what is wanted, how it came
 * about, and how far it ever got. Failures of its disk are not failures of a source.
 */
final class Part {
  /** Bytes beyond the furthest point that count as progress. */
  private static final long PROGRESS = 1 << 20;

  /** Kept free on the disk by a download without a pinned size. */
  private static final long FREE_FLOOR = 256L << 20;

  private final BlobStore store;
  private final Optional<Descriptor> wanted;
  private final OptionalLong size;
  private final String file;
  private final Partial partial;
  private int joints;
  private long furthest;

  private Part(
      BlobStore store,
      Optional<Descriptor> wanted,
      OptionalLong size,
      String file,
      Partial partial) {
    this.store = store;
    this.wanted = wanted;
    this.size = size;
    this.file = file;
    this.partial = partial;
  }

  /** What an earlier run left of a download, or a new part that a later run may go on with. */
  static Part open(BlobStore store, Descriptor wanted, String file) {
    try {
      Part part = new Part(store, Optional.of(wanted), wanted.size(), file, store.open(wanted));
      part.joints = part.total() > 0 ? 1 : 0;
      part.furthest = part.total();
      return part;
    } catch (IOException e) {
      throw Disks.failure(store.root(), wanted.size(), e);
    }
  }

  /** A new part of a download, whatever an earlier run left. */
  static Part openAnew(BlobStore store, Descriptor wanted, String file) {
    try {
      return new Part(store, Optional.of(wanted), wanted.size(), file, store.openAnew(wanted));
    } catch (IOException e) {
      throw Disks.failure(store.root(), wanted.size(), e);
    }
  }

  static Part begin(BlobStore store, Descriptor wanted, String file) {
    try {
      return new Part(store, Optional.of(wanted), wanted.size(), file, store.begin(wanted));
    } catch (IOException e) {
      throw Disks.failure(store.root(), wanted.size(), e);
    }
  }

  /**
   * A part of which nobody knows the bytes yet.
   *
   * @param size in bytes, when that at least is known
   * @param others digests to compute beside SHA-256
   */
  static Part unpinned(
      BlobStore store, OptionalLong size, Collection<DigestAlgorithm> others, String file) {
    try {
      Partial partial = store.beginUnpinned(others);
      return new Part(store, Optional.empty(), size, file, partial);
    } catch (IOException e) {
      throw Disks.failure(store.root(), size, e);
    }
  }

  /** The size that the whole must have, in bytes. */
  OptionalLong size() {
    return size;
  }

  BlobStore store() {
    return store;
  }

  /** Whose bytes they are. */
  String file() {
    return file;
  }

  /** The number of bytes from the beginning without a gap. */
  long length() {
    return partial.length();
  }

  /** The number of bytes in all. */
  long total() {
    return partial.total();
  }

  /** What is still lacking of a part whose size is known, in order. */
  List<Extent> gaps() {
    return partial.gaps(size.orElseThrow());
  }

  /** Everything behind the end of a part without gaps whose size nobody knows. */
  List<Extent> rest() {
    return List.of(new Extent(length(), Long.MAX_VALUE));
  }

  /** Whether every byte is there that the size asks for. */
  boolean isComplete() {
    return size.isPresent() && size.getAsLong() > 0 && total() == size.getAsLong();
  }

  /** Where bytes are written, for one thread. */
  final class Writer {
    private final Partial.Stretch stretch;

    private Writer(Partial.Stretch stretch) {
      this.stretch = stretch;
    }

    /** Where the next byte goes. */
    long position() {
      return stretch.position();
    }

    void write(ByteBuffer bytes) {
      try {
        stretch.write(bytes);
      } catch (IOException e) {
        throw failure(e);
      }
    }

    /** Notes in the journal what was written. */
    void close() {
      try {
        stretch.close();
      } catch (IOException e) {
        throw failure(e);
      }
    }
  }

  /** A place to write at. */
  Writer at(long offset) {
    return new Writer(partial.at(offset));
  }

  /** Where its last bytes came from, as far as an earlier run has told. */
  Optional<Validator> origin() {
    return partial.origin();
  }

  /** Notes where the next bytes come from, and which version of it they are. */
  void comesFrom(SourceUrl url, Optional<String> tag) {
    if (!partial.isJournaled()) {
      return;
    }
    try {
      partial.comesFrom(Validator.of(url, tag));
    } catch (IOException e) {
      throw failure(e);
    }
  }

  /** Whether it was put together from several answers, so that one of them may have spoilt it. */
  synchronized boolean isJoined() {
    return joints > 0;
  }

  /** Notes that another answer goes on where one ended. */
  synchronized void join() {
    joints++;
  }

  /** Whether it got notably further than ever since the last time this was asked. */
  boolean hasProgressed() {
    boolean progressed = total() >= furthest + PROGRESS;
    furthest = Math.max(furthest, total());
    return progressed;
  }

  void write(ByteBuffer bytes) {
    try {
      partial.write(bytes);
    } catch (IOException e) {
      throw failure(e);
    }
  }

  /** Throws away all bytes. */
  void restart() {
    try {
      partial.restart();
      joints = 0;
    } catch (IOException e) {
      throw failure(e);
    }
  }

  /** The first bytes, at most this many. */
  byte[] head(int most) {
    try (InputStream in = Files.newInputStream(partial.path())) {
      return in.readNBytes(most);
    } catch (IOException e) {
      return new byte[0];
    }
  }

  /**
   * Proves the bytes, or names them when nobody knew them; afterwards this part is of no further
   * use.
   *
   * @throws dev.modelbake.model.DigestMismatchException if they are not what is wanted
   */
  Blob admit() {
    try {
      return wanted.isPresent() ? store.admit(partial, wanted.get(), file) : store.name(partial);
    } catch (IOException e) {
      throw failure(e);
    }
  }

  /** Refuses to fill the last of the disk with a download whose size nobody knows. */
  void checkRoom() {
    long free;
    try {
      free = Files.getFileStore(partial.path()).getUsableSpace();
    } catch (IOException e) {
      return;
    }
    if (free < FREE_FLOOR) {
      throw Disks.full(store.root(), free, FREE_FLOOR);
    }
  }

  /** Keeps what came for a later run, if it can be gone on with. */
  void leave() {
    try {
      if (wanted.isPresent()) {
        store.leave(partial, wanted.get());
      } else {
        partial.discard();
      }
    } catch (IOException e) {
      // It saves the next run some work, no more.
      discard();
    }
  }

  void discard() {
    try {
      partial.discard();
    } catch (IOException e) {
      // What cannot be removed is private, named by digest, and removed or taken by a later run.
      return;
    }
  }

  private BakeException failure(IOException e) {
    return Disks.failure(partial.path(), size, e);
  }
}
