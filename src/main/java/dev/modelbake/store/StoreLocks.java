package dev.modelbake.store;

import dev.modelbake.model.Digest;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The locks of one store, which only save work: what is right is so without them. All are ranges of
 * one file, a byte for each digest and one for the store as a whole. They end with the process.
 *
 * <p>Closing any channel of a file drops all locks of the process on it (fcntl(2)), so a JVM has
 * one channel for each store.
 */
public final class StoreLocks implements Closeable {
  private static final String NAME = "lock";
  private static final long WHOLE = Long.MAX_VALUE - 1;
  private static final long INDEX = Long.MAX_VALUE - 2;
  private static final int POSITION_DIGITS = 15;

  private static final Map<Path, LockFile> OPEN = new HashMap<>();

  private final LockFile file;
  private boolean uses;
  private boolean closed;

  private StoreLocks(LockFile file) {
    this.file = file;
  }

  /** Opens the locks in a directory; empty where the file cannot be written. */
  static Optional<StoreLocks> open(Path directory) {
    try {
      synchronized (OPEN) {
        Path real = directory.toRealPath().resolve(NAME);
        LockFile file = OPEN.get(real);
        if (file == null) {
          file = new LockFile(real);
          OPEN.put(real, file);
        }
        file.users++;
        return Optional.of(new StoreLocks(file));
      }
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** A lock that is held until it is closed. */
  public static final class Held implements Closeable {
    private final LockFile file;
    private final FileLock lock;

    private Held(LockFile file, FileLock lock) {
      this.file = file;
      this.lock = lock;
    }

    /** Something to be done while a lock is held. */
    @FunctionalInterface
    public interface Work<T, E extends Exception> {
      /** Does it. */
      T run() throws E;
    }

    /** Does something while the lock is held. */
    public <T, E extends Exception> T during(Work<T, E> work) throws E {
      return work.run();
    }

    @Override
    public void close() throws IOException {
      synchronized (file) {
        if (lock.isValid()) {
          lock.release();
        }
      }
    }
  }

  /**
   * Says that the store is in use, together with others.
   *
   * @return false while somebody has it alone
   */
  public synchronized boolean use() throws IOException {
    uses = uses || file.use();
    return uses;
  }

  /** Takes the store for oneself; empty while it is in use. */
  public Optional<Held> own() throws IOException {
    return file.lock(WHOLE);
  }

  /** Takes the index of a mirror for oneself; empty while another run writes it. */
  public Optional<Held> takeIndex() throws IOException {
    return file.lock(INDEX);
  }

  /** Takes one digest for oneself; empty while another run, or thread, has it. */
  public Optional<Held> take(Digest digest) throws IOException {
    return file.lock(Long.parseLong(digest.hex().substring(0, POSITION_DIGITS), 16));
  }

  @Override
  public synchronized void close() throws IOException {
    if (closed) {
      return;
    }
    closed = true;
    if (uses) {
      file.disuse();
    }
    synchronized (OPEN) {
      file.users--;
      if (file.users == 0) {
        OPEN.remove(file.path);
        file.channel.close();
      }
    }
  }

  /** The one channel of a JVM for a lock file. */
  private static final class LockFile {
    private final Path path;
    private final FileChannel channel;
    private int users;
    private int shares;
    private @Nullable FileLock shared;

    LockFile(Path path) throws IOException {
      this.path = path;
      channel =
          FileChannel.open(
              path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    }

    synchronized Optional<Held> lock(long position) throws IOException {
      try {
        FileLock lock = channel.tryLock(position, 1, false);
        return Optional.ofNullable(lock).map(one -> new Held(this, one));
      } catch (OverlappingFileLockException e) {
        return Optional.empty(); // another thread of this process has it
      }
    }

    synchronized boolean use() throws IOException {
      if (shared == null) {
        try {
          shared = channel.tryLock(WHOLE, 1, true);
        } catch (OverlappingFileLockException e) {
          return false;
        }
      }
      shares += shared == null ? 0 : 1;
      return shared != null;
    }

    synchronized void disuse() throws IOException {
      shares--;
      if (shares == 0 && shared != null) {
        shared.release();
        shared = null;
      }
    }
  }
}
