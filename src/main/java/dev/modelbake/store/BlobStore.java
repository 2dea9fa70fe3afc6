package dev.modelbake.store;

import dev.modelbake.digest.Digests;
import dev.modelbake.digest.Hasher;
import dev.modelbake.model.Descriptor;
import dev.modelbake.model.Digest;
import dev.modelbake.model.DigestAlgorithm;
import dev.modelbake.model.DigestMismatchException;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;

/**
 * A directory of partials and blobs: the staging of one run, or a store that outlives runs. Safe
 * for use by several threads; a store also by several processes, which unique names and renames
 * keep apart.
 */
public final class BlobStore implements Closeable {
  private static final int BUFFER = 256 << 10;

  /** A smaller download, in bytes, is sooner begun anew than gone on with. */
  private static final long WORTH_A_JOURNAL = 8L << 20;

  /**
   * Begins the tokens of this JVM, which must not open its own journals a second time: closing the
   * second channel would drop the lock of the first (fcntl(2)).
   */
  private static final String OURS = random();

  private static final int TRIES = 100;

  private final BlobDirectory directory;
  private final Optional<StoreLocks> locks;
  private final Set<Path> claimed = ConcurrentHashMap.newKeySet();

  private BlobStore(BlobDirectory directory, Optional<StoreLocks> locks) {
    this.directory = directory;
    this.locks = locks;
  }

  /** The files of one run below an existing private directory, on the target's own mount. */
  public static BlobStore staging(Path directory) {
    return new BlobStore(new StagingFiles(directory), Optional.empty());
  }

  /**
   * A store in the form of an OCI image layout, made when it is not there.
   *
   * @throws IOException if it can neither be made nor written
   */
  public static BlobStore layout(Path directory) throws IOException {
    ImageLayout layout = ImageLayout.open(directory);
    return new BlobStore(layout, StoreLocks.open(layout.work()));
  }

  /** A store as it is, to be read only; nothing is made, and it may be absent. */
  public static BlobStore layoutForReading(Path directory) {
    return new BlobStore(new ImageLayout(directory), Optional.empty());
  }

  /**
   * The partial of a download: what a dead run left of it, hashed again, or a new one, which
   * another run may go on with when its size is pinned.
   */
  public Partial open(Descriptor expected) throws IOException {
    Optional<Partial> left =
        expected.size().orElse(0) < WORTH_A_JOURNAL ? Optional.empty() : resume(expected);
    return left.isPresent() ? left.get() : openAnew(expected);
  }

  /** The partial of a download as a new one, whatever a dead run left. */
  public Partial openAnew(Descriptor expected) throws IOException {
    long size = expected.size().orElse(0);
    if (size < WORTH_A_JOURNAL) {
      removeDead(expected.digest());
      return begin(expected);
    }
    return create(
        path -> Partial.journaled(path, expected.digest(), size, others(expected)), expected);
  }

  /**
   * Keeps a partial for another run, if it can be gone on with; afterwards it is of no use here.
   */
  public void leave(Partial partial, Descriptor expected) throws IOException {
    if (!partial.isResumable()) {
      partial.discard();
      return;
    }
    Path left = directory.partial(expected.digest(), random() + random());
    move(partial.path(), left);
    partial.close();
  }

  /** A new partial that computes what the descriptor needs. */
  public Partial begin(Descriptor expected) throws IOException {
    return create(path -> Partial.create(path, others(expected)), expected);
  }

  private static List<DigestAlgorithm> others(Descriptor expected) {
    return expected.others().stream().map(Digest::algorithm).toList();
  }

  private Optional<Partial> resume(Descriptor expected) throws IOException {
    long size = expected.size().orElseThrow();
    for (Path left : left(expected.digest())) {
      try {
        Optional<Journal.Found> found =
            Journal.take(Partial.journalOf(left), expected.digest(), size);
        if (found.isPresent()) {
          Path mine = directory.partial(expected.digest(), token());
          move(left, mine);
          return Optional.of(held(Partial.resume(mine, found.get(), others(expected))));
        }
      } catch (IOException e) {
        // Another run took it, or it is damaged: the next one then.
      }
    }
    return Optional.empty();
  }

  /** Partials of other runs, the largest first. */
  private List<Path> left(Digest digest) throws IOException {
    try (Stream<Path> partials = directory.partials(digest)) {
      Map<Path, Long> sizes = new HashMap<>();
      for (Path path : partials.toList()) {
        boolean ours = path.getFileName().toString().contains("-" + OURS);
        if (!ours && Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
          sizes.put(path, Files.size(path));
        }
      }
      return sizes.keySet().stream().sorted(Comparator.comparing(sizes::get).reversed()).toList();
    } catch (NoSuchFileException e) {
      return List.of();
    }
  }

  /** The journal first: without it the other is worth nothing. */
  private static void move(Path partial, Path to) throws IOException {
    Files.move(Partial.journalOf(partial), Partial.journalOf(to), StandardCopyOption.ATOMIC_MOVE);
    Files.move(partial, to, StandardCopyOption.ATOMIC_MOVE);
  }

  @FunctionalInterface
  private interface Creation {
    Partial at(Path path) throws IOException;
  }

  private Partial create(Creation creation, Descriptor expected) throws IOException {
    for (int tries = TRIES; ; tries--) {
      try {
        return held(creation.at(directory.partial(expected.digest(), token())));
      } catch (FileAlreadyExistsException e) {
        // Another token may be free.
        if (tries == 0) {
          throw e;
        }
      }
    }
  }

  /** In a store others may ask whether this run is alive; staging is asked nothing. */
  private Partial held(Partial partial) {
    if (locks.isPresent()) {
      partial.hold();
    }
    return partial;
  }

  /**
   * Proves a partial and makes a blob of it; with {@link #reuse} the only road from bytes to a
   * {@link Blob}.
   *
   * @param what whose bytes they are, for messages
   * @throws DigestMismatchException if a digest or the size differs; the partial keeps its file,
   *     closed
   */
  public Blob admit(Partial partial, Descriptor expected, String what) throws IOException {
    long length = partial.length();
    if (directory.durability() == BlobDirectory.Durability.SYNCED) {
      partial.sync();
    }
    Descriptor proven = prove(partial.finish(), expected, new Subject(what, length));
    Path blob = directory.keep(partial.path(), expected.digest(), token());
    partial.forget();
    claimed.add(blob);
    return new Blob(blob, proven);
  }

  /**
   * A new partial for bytes that nobody has pinned yet.
   *
   * @param others digests to compute beside SHA-256
   */
  public Partial beginUnpinned(Collection<DigestAlgorithm> others) throws IOException {
    List<Digest> wanted = others.stream().map(BlobStore::anything).toList();
    return begin(new Descriptor(Digest.OF_NOTHING, OptionalLong.empty(), wanted));
  }

  private static Digest anything(DigestAlgorithm algorithm) {
    return new Digest(algorithm, "0".repeat(algorithm.hexLength()));
  }

  /**
   * Makes a blob of bytes that nobody has pinned yet: what they are becomes their descriptor. This
   * proves nothing of where they came from, and only pinning may do it; a bake never does.
   */
  public Blob name(Partial partial) throws IOException {
    long length = partial.length();
    Digests digests = partial.finish();
    Path blob = directory.keep(partial.path(), digests.sha256(), token());
    claimed.add(blob);
    return new Blob(
        blob, new Descriptor(digests.sha256(), OptionalLong.of(length), digests.others()));
  }

  /** A new partial for bytes that come out of a proven blob and have no pin of their own. */
  public Partial begin(Blob parent) throws IOException {
    return begin(Descriptor.of(parent.descriptor().digest(), parent.size()));
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
    Digest sha256 = partial.finish().sha256();
    Path blob = directory.keep(partial.path(), sha256, token());
    claimed.add(blob);
    return new Blob(blob, Descriptor.of(sha256, length));
  }

  /**
   * A file that should hold these bytes. It is not proven: whoever reads it hashes it again, and
   * copies rather than links it.
   */
  public Optional<Path> find(Descriptor expected) throws IOException {
    return all(expected).stream().findFirst();
  }

  /**
   * Makes a blob of a file that an earlier run left here, by hashing it where it is. A file that
   * this run made or took is left alone, and one with other bytes is removed.
   */
  public Optional<Blob> reuse(Descriptor expected) throws IOException {
    for (Path path : all(expected)) {
      if (claimed.add(path)) {
        Hasher hasher = hash(path, expected);
        Subject subject = new Subject(path.toString(), hasher.length());
        try {
          return Optional.of(new Blob(path, prove(hasher.finish(), expected, subject)));
        } catch (DigestMismatchException e) {
          remove(path);
        }
      }
    }
    return Optional.empty();
  }

  /** Removes a blob that this run made and nobody needs. */
  public void discard(Blob blob) throws IOException {
    Files.deleteIfExists(blob.path());
  }

  /** What is a store's may be of use to whoever looks into it. */
  private void remove(Path wrong) throws IOException {
    if (directory.durability() == BlobDirectory.Durability.SYNCED) {
      setAside(wrong);
    } else {
      Files.deleteIfExists(wrong);
    }
  }

  /** When any run last wrote bytes of a digest; the epoch when there are none. */
  public Instant lastWritten(Digest digest) throws IOException {
    Instant last = Instant.EPOCH;
    try (Stream<Path> partials = directory.partials(digest)) {
      for (Path partial : partials.toList()) {
        Instant written = Files.getLastModifiedTime(partial).toInstant();
        last = written.isAfter(last) ? written : last;
      }
    }
    return last;
  }

  /**
   * Removes what dead runs left of a digest that is here now; leaves it while another run has its
   * turn, and what a run without one writes.
   */
  public void tidy(Digest digest) throws IOException {
    if (locks.isEmpty() || left(digest).isEmpty()) {
      return;
    }
    Optional<StoreLocks.Held> turn = locks.get().take(digest);
    if (turn.isEmpty()) {
      return;
    }
    try (StoreLocks.Held held = turn.get()) {
      held.during(
          () -> {
            removeDead(digest);
            return held;
          });
    }
  }

  private void removeDead(Digest digest) throws IOException {
    if (locks.isPresent()) {
      for (Path partial : left(digest)) {
        Partial.removeDead(partial);
      }
    }
  }

  /** The locks of a store; staging has none, nor a store on a disk that cannot lock. */
  public Optional<StoreLocks> locks() {
    return locks;
  }

  /** Lets go of the store's locks. */
  @Override
  public void close() throws IOException {
    if (locks.isPresent()) {
      locks.get().close();
    }
  }

  /** Renames a file with wrong bytes, so that it is found no more; says where it is now. */
  public Path setAside(Path wrong) throws IOException {
    // Beside partials: a mirror has nothing among its blobs that its index does not name.
    Path work = Objects.requireNonNull(directory.partial(Digest.OF_NOTHING, token()).getParent());
    Files.createDirectories(work);
    return Files.move(wrong, work.resolve(wrong.getFileName() + ".bad-" + token()));
  }

  /** The directory, for messages. */
  public Path root() {
    return directory.root();
  }

  private List<Path> all(Descriptor expected) throws IOException {
    try (Stream<Path> found = directory.find(expected.digest())) {
      return found
          .filter(path -> Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS))
          .sorted()
          .toList();
    } catch (NoSuchFileException e) {
      return List.of();
    }
  }

  private static Hasher hash(Path path, Descriptor expected) throws IOException {
    Hasher hasher = Hasher.of(expected.others().stream().map(Digest::algorithm).toList());
    ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
    try (FileChannel channel =
        FileChannel.open(path, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
      while (channel.read(buffer.clear()) >= 0) {
        hasher.update(buffer.flip());
      }
    }
    return hasher;
  }

  private record Subject(String what, long length) {}

  private static Descriptor prove(Digests actual, Descriptor expected, Subject subject) {
    Digest sha256 = actual.sha256();
    long length = subject.length();
    boolean sizeDiffers = expected.size().isPresent() && expected.size().getAsLong() != length;
    if (!expected.digest().equals(sha256) || sizeDiffers) {
      throw new DigestMismatchException(subject.what(), expected, sha256, length);
    }
    for (Digest other : expected.others()) {
      Digest found = actual.get(other.algorithm());
      if (!other.equals(found)) {
        throw new DigestMismatchException(subject.what(), expected, found, length);
      }
    }
    return new Descriptor(sha256, OptionalLong.of(length), expected.others());
  }

  private static String token() {
    return OURS + random();
  }

  private static String random() {
    return HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextInt());
  }
}
