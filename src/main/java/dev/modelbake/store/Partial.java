package dev.modelbake.store;

import dev.modelbake.digest.Digests;
import dev.modelbake.digest.Hasher;
import dev.modelbake.model.Digest;
import dev.modelbake.model.DigestAlgorithm;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Bytes so far, unverified, in a private file. They may be written in any order and by several
 * threads, each at its own {@link Stretch}; what is there without a gap is hashed meanwhile.
 *
 * <p>Everything but writing is for one thread. Closing keeps the file; {@link #discard} removes it.
 */
public final class Partial implements Closeable {
  private static final Set<OpenOption> FRESH =
      Set.of(
          StandardOpenOption.CREATE_NEW,
          StandardOpenOption.READ,
          StandardOpenOption.WRITE,
          LinkOption.NOFOLLOW_LINKS);
  private static final Set<OpenOption> LEFT =
      Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);

  private final Path path;
  private final FileChannel channel;
  private final Optional<Journal> journal;
  private final Follower follower;
  private final Extents extents = new Extents();
  private final Map<Long, Digest> milestones = new HashMap<>();
  private Optional<Validator> origin = Optional.empty();
  private @Nullable Stretch end;

  private Partial(
      Path path,
      FileChannel channel,
      Optional<Journal> journal,
      Collection<DigestAlgorithm> others) {
    this.path = path;
    this.channel = channel;
    this.journal = journal;
    follower = new Follower(channel, Hasher.of(others), this::milestone);
  }

  /** A new, empty file with mode 0600 whatever the umask; fails if the path exists. */
  static Partial create(Path path, Collection<DigestAlgorithm> others) throws IOException {
    return new Partial(path, fresh(path), Optional.empty(), others);
  }

  /** A new, empty file with a journal beside it, so that another run can go on with it. */
  static Partial journaled(
      Path path, Digest expected, long size, Collection<DigestAlgorithm> others)
      throws IOException {
    FileChannel channel = fresh(path);
    try {
      Journal journal = Journal.begin(journalOf(path), expected, size);
      return new Partial(path, channel, Optional.of(journal), others);
    } catch (IOException e) {
      channel.close();
      Files.deleteIfExists(path);
      throw e;
    }
  }

  /**
   * Goes on with a file that a dead run left. What it has without a gap is hashed again; from the
   * first byte on that differs from the journal, nothing is kept.
   */
  static Partial resume(Path path, Journal.Found found, Collection<DigestAlgorithm> others)
      throws IOException {
    FileChannel channel = FileChannel.open(path, LEFT);
    try {
      Partial partial = new Partial(path, channel, Optional.of(found.journal()), others);
      partial.adopt(found.account());
      return partial;
    } catch (IOException e) {
      channel.close();
      found.journal().close();
      throw e;
    }
  }

  /** The place of the journal of a partial. */
  static Path journalOf(Path partial) {
    return partial.resolveSibling(partial.getFileName() + ".journal");
  }

  /**
   * Says that the run which writes it is alive, for as long as the file is open; on a file system
   * without locks nobody ever thinks it dead.
   */
  void hold() {
    try {
      channel.tryLock();
    } catch (IOException | OverlappingFileLockException e) {
      return;
    }
  }

  /**
   * Removes the file of another process, with its journal, unless one that is alive writes it. One
   * that cannot be looked at, such as another user's, stays.
   */
  static void removeDead(Path path) {
    try {
      if (isDead(path) && isDead(journalOf(path))) {
        Files.deleteIfExists(journalOf(path));
        Files.deleteIfExists(path);
      }
    } catch (IOException e) {
      return;
    }
  }

  private static boolean isDead(Path file) throws IOException {
    try (FileChannel other = FileChannel.open(file, LEFT)) {
      return other.tryLock() != null;
    } catch (NoSuchFileException e) {
      return true;
    } catch (OverlappingFileLockException e) {
      return false;
    }
  }

  /** A place in the file at which one thread writes, onwards from a byte. */
  public final class Stretch implements Closeable {
    /** Between two notes in the journal, in bytes. */
    private static final long STEP = 4L << 20;

    private final long from;
    private long at;
    private long noted;

    private Stretch(long from) {
      this.from = from;
      at = from;
      noted = from;
    }

    /** Where the next byte goes. */
    public long position() {
      return at;
    }

    /** Writes the remaining bytes of a buffer. */
    public void write(ByteBuffer bytes) throws IOException {
      while (bytes.hasRemaining()) {
        at += channel.write(bytes, at);
      }
      if (at > from) {
        wrote(new Extent(from, at));
      }
      if (at - noted >= STEP) {
        note();
      }
    }

    /** Notes what was written. */
    @Override
    public void close() throws IOException {
      if (at > noted) {
        note();
      }
    }

    private void note() throws IOException {
      if (journal.isPresent()) {
        journal.get().extent(new Extent(noted, at));
      }
      noted = at;
    }
  }

  /** A place to write at, for one thread. */
  public Stretch at(long offset) {
    return new Stretch(offset);
  }

  /** Appends the remaining bytes of a buffer to a file without gaps. */
  public void write(ByteBuffer bytes) throws IOException {
    if (end == null) {
      end = at(length());
    }
    end.write(bytes);
  }

  /** A stream that appends here; closing it does nothing. */
  public OutputStream sink() {
    return new OutputStream() {
      @Override
      public void write(int b) throws IOException {
        Partial.this.write(ByteBuffer.wrap(new byte[] {(byte) b}));
      }

      @Override
      public void write(byte[] bytes, int offset, int length) throws IOException {
        Partial.this.write(ByteBuffer.wrap(bytes, offset, length));
      }
    };
  }

  /** The number of bytes from the beginning without a gap. */
  public long length() {
    synchronized (extents) {
      return extents.prefix();
    }
  }

  /** The number of bytes in all. */
  public long total() {
    synchronized (extents) {
      return extents.total();
    }
  }

  /** What a file of a size still lacks, in order. */
  public List<Extent> gaps(long size) {
    synchronized (extents) {
      return extents.gaps(size);
    }
  }

  /** Where its last bytes came from, as far as an earlier run has told. */
  public Optional<Validator> origin() {
    return origin;
  }

  /** Whether another run can learn from a journal what is there. */
  public boolean isJournaled() {
    return journal.isPresent();
  }

  /** Notes where the next bytes come from. */
  public void comesFrom(Validator source) throws IOException {
    if (journal.isPresent()) {
      journal.get().source(source);
    }
  }

  /** Throws away all bytes and begins again. */
  public void restart() throws IOException {
    follower.restart();
    synchronized (extents) {
      extents.cut(0);
    }
    end = null;
    channel.truncate(0);
    if (journal.isPresent()) {
      journal.get().restart();
    }
  }

  /** Where the bytes are. */
  public Path path() {
    return path;
  }

  /** Waits until all bytes are on the medium. */
  void sync() throws IOException {
    channel.force(true);
  }

  /** Ends writing and gives the digests; only the store asks. */
  Digests finish() throws IOException {
    Digests digests = follower.finish();
    long there = channel.size();
    long written = length();
    close();
    if (there != written && total() == written) {
      throw new IOException("%d bytes were written and %d are there".formatted(written, there));
    }
    return digests;
  }

  /** Removes the journal: the file is complete, or of no further use. */
  void forget() throws IOException {
    if (journal.isPresent()) {
      Files.deleteIfExists(journalOf(path));
    }
  }

  /** Whether another run can go on with what is there. */
  public boolean isResumable() {
    return journal.isPresent() && total() > 0;
  }

  /** Keeps the file. */
  @Override
  public void close() throws IOException {
    follower.abandon();
    channel.close();
    if (journal.isPresent()) {
      journal.get().close();
    }
  }

  /** Removes the file. */
  public void discard() throws IOException {
    forget();
    close();
    Files.deleteIfExists(path);
  }

  private static FileChannel fresh(Path path) throws IOException {
    return FileChannel.open(path, FRESH, Privacy.at(path));
  }

  private void wrote(Extent extent) {
    synchronized (extents) {
      extents.add(extent);
      follower.reach(extents.prefix());
    }
  }

  /** The journal comes after the data, so that it never says more than there is. */
  private void milestone(long length, Digest before) throws IOException {
    if (journal.isEmpty()) {
      return;
    }
    Digest told = milestones.get(length);
    if (told == null) {
      channel.force(false);
      journal.get().prefix(length, before);
    } else if (!told.equals(before)) {
      throw new ChangedException(length - Follower.STRIDE);
    }
  }

  /** The file has other bytes than its journal says. */
  private static final class ChangedException extends IOException {
    private static final long serialVersionUID = 1L;

    private final long right;

    ChangedException(long right) {
      super("the bytes of a partial have changed");
      this.right = right;
    }
  }

  private void adopt(Journal.Account account) throws IOException {
    origin = account.source();
    Extents told = account.extents();
    told.cut(channel.size());
    account.milestones().forEach(one -> milestones.put(one.length(), one.digest()));
    try {
      follower.hashTo(told.prefix());
      told.all().forEach(extents::add);
    } catch (ChangedException e) {
      believe(e.right);
    }
    channel.truncate(extents.end());
    follower.reach(extents.prefix());
  }

  /** Keeps the first bytes only, and says so from now on. */
  private void believe(long length) throws IOException {
    follower.restart();
    milestones.clear();
    journal.orElseThrow().restart();
    follower.hashTo(length);
    if (length > 0) {
      extents.add(new Extent(0, length));
      journal.orElseThrow().extent(new Extent(0, length));
    }
  }
}
