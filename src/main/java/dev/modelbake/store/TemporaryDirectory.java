package dev.modelbake.store;

import dev.modelbake.model.DiskException;
import dev.modelbake.model.Reason;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * A directory for one piece of work, which is gone afterwards with everything in it. A lock in it
 * says that its process is alive; what killed ones left is removed when the next one begins.
 */
public final class TemporaryDirectory implements Closeable {
  private static final String LOCK = "lock";
  private static final Set<OpenOption> FRESH =
      Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
  private static final Set<OpenOption> LEFT =
      Set.of(StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
  private static final int TRIES = 10;

  /** A directory gets its lock at once, or its process died in between. */
  private static final Duration MOMENT = Duration.ofHours(1);

  /** Of this process: a second channel to one's lock would drop it when it is closed (fcntl(2)). */
  private static final Set<Path> OURS = ConcurrentHashMap.newKeySet();

  private final Path parent;
  private final Path directory;
  private final FileChannel lock;

  private TemporaryDirectory(Path parent, Path directory, FileChannel lock) {
    this.parent = parent;
    this.directory = directory;
    this.lock = lock;
  }

  /**
   * Does something in a directory of its own.
   *
   * @param parent an existing directory, which the user names with {@code --temp}
   * @param prefix begins its name
   * @throws DiskException if it cannot be made or removed
   */
  public static <T> T during(Path parent, String prefix, Function<Path, T> work) {
    try (TemporaryDirectory made = begin(parent, prefix)) {
      return made.apply(work);
    } catch (IOException e) {
      throw new DiskException(
          "making a temporary directory",
          parent.toString(),
          Reason.of(e),
          "name another with --temp",
          e);
    }
  }

  private <T> T apply(Function<Path, T> work) throws IOException {
    try {
      return work.apply(Files.createDirectory(directory.resolve("work")));
    } catch (DiskException e) {
      throw Path.of(e.path()).startsWith(directory) ? elsewhere(e) : e;
    }
  }

  private static DiskException elsewhere(DiskException e) {
    return new DiskException(
        e.explanation().doing(),
        e.path(),
        e.explanation().happened(),
        "make room there, or name a directory on another disk with --temp",
        e.getCause());
  }

  /**
   * Begins one that lasts until it is closed.
   *
   * @throws IOException if it cannot be made
   */
  public static TemporaryDirectory begin(Path parent, String prefix) throws IOException {
    TemporaryDirectory made = make(parent, prefix);
    made.sweep(prefix);
    return made;
  }

  /** Where it is; of what is in it the lock is not the caller's. */
  public Path path() {
    return directory;
  }

  private static TemporaryDirectory make(Path at, String prefix) throws IOException {
    Path parent = at.toRealPath();
    for (int tries = TRIES; ; tries--) {
      Path directory = Files.createTempDirectory(parent, prefix);
      OURS.add(directory);
      try {
        FileChannel lock = FileChannel.open(directory.resolve(LOCK), FRESH);
        if (isHeld(lock, directory)) {
          return new TemporaryDirectory(parent, directory, lock);
        }
        lock.close();
      } catch (NoSuchFileException e) {
        if (tries == 0) {
          throw e;
        }
      }
      // Another run took it for a dead one's: no harm is done yet.
      OURS.remove(directory);
    }
  }

  /** A file system without locks has nothing that is ever thought dead. */
  private static boolean isHeld(FileChannel lock, Path directory) {
    try {
      return lock.tryLock() != null && Files.exists(directory.resolve(LOCK));
    } catch (IOException e) {
      return true;
    }
  }

  /** Removes what killed runs of this user left beside it. */
  private void sweep(String prefix) {
    try (DirectoryStream<Path> all = Files.newDirectoryStream(parent, prefix + "*")) {
      for (Path one : all) {
        if (isLeft(one, prefix)) {
          removeDead(one);
        }
      }
    } catch (IOException e) {
      // It costs room, no more.
      return;
    }
  }

  /** Whether it is such a directory of the same user, and not of this process. */
  private boolean isLeft(Path one, String prefix) throws IOException {
    String name = String.valueOf(one.getFileName());
    return name.substring(prefix.length()).matches("[0-9]+")
        && !OURS.contains(one)
        && Files.isDirectory(one, LinkOption.NOFOLLOW_LINKS)
        && uid(one).equals(uid(directory));
  }

  private static Object uid(Path path) throws IOException {
    return Files.getAttribute(path, "unix:uid", LinkOption.NOFOLLOW_LINKS);
  }

  private static void removeDead(Path left) {
    try (FileChannel other = FileChannel.open(left.resolve(LOCK), LEFT)) {
      if (other.tryLock() != null) {
        remove(left);
      }
    } catch (NoSuchFileException e) {
      removeOld(left);
    } catch (IOException | OverlappingFileLockException e) {
      // Nobody can tell: it stays.
      return;
    }
  }

  private static void removeOld(Path left) {
    try {
      Instant begun = Files.getLastModifiedTime(left, LinkOption.NOFOLLOW_LINKS).toInstant();
      if (begun.isBefore(Instant.now().minus(MOMENT))) {
        remove(left);
      }
    } catch (IOException e) {
      return;
    }
  }

  /** Links are removed, never followed. */
  private static void remove(Path directory) throws IOException {
    try (Stream<Path> all = Files.walk(directory)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  @Override
  public void close() throws IOException {
    try {
      remove(directory);
    } finally {
      OURS.remove(directory);
      lock.close();
    }
  }
}
