package dev.modelbake.publish;

import dev.modelbake.model.Owner;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One run's private directory {@code <ancestor>/.modelbake/<random>/} on one mount, held by a lock
 * that the kernel releases when the process ends, however it ends.
 */
final class StagingDirectory {
  /** The directory that holds those of all runs. */
  static final String NAME = ".modelbake";

  static final String LOCK = "lock";
  static final String STORE = "store";

  /**
   * The directories which this JVM holds. A second channel on a lock file would drop the first
   * one's lock (fcntl(2)), so a JVM must know its own without asking.
   */
  private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

  private static final String WORK = "work";
  private static final int TRIES = 100;
  private static final Set<OpenOption> FRESH =
      Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
  private static final FileAttribute<Set<PosixFilePermission>> PRIVATE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

  private final Path path;
  private final FileChannel lock;
  private final AtomicInteger counter = new AtomicInteger();

  private StagingDirectory(Path path, FileChannel lock) {
    this.path = path;
    this.lock = lock;
  }

  /** Makes one in an existing directory. */
  static StagingDirectory in(Path ancestor, Owner self) throws IOException {
    for (int i = 0; ; i++) {
      Path all = common(ancestor, self);
      Path path = all.resolve(random());
      HELD.add(path);
      Optional<StagingDirectory> made = Optional.empty();
      try {
        made = made(path);
        if (made.isPresent()) {
          return made.get();
        }
      } catch (NoSuchFileException | FileAlreadyExistsException e) {
        if (i == TRIES) {
          throw e;
        }
      } finally {
        if (made.isEmpty()) {
          HELD.remove(path);
        }
      }
    }
  }

  /** Empty when a sweeper came between: whoever lost the name starts again. */
  private static Optional<StagingDirectory> made(Path path) throws IOException {
    makePrivate(path);
    FileChannel lock = FileChannel.open(path.resolve(LOCK), FRESH);
    try {
      if (locked(lock) && Files.exists(path.resolve(LOCK))) {
        makePrivate(path.resolve(STORE));
        makePrivate(path.resolve(WORK));
        return Optional.of(new StagingDirectory(path, lock));
      }
      lock.close();
      return Optional.empty();
    } catch (IOException e) {
      lock.close();
      throw e;
    }
  }

  /** The names that {@link #common} may choose. */
  static List<Path> commons(Path ancestor, Owner self) {
    return List.of(ancestor.resolve(NAME), ancestor.resolve(NAME + "-" + self.uid()));
  }

  /** Whether a directory is held by this JVM. */
  static boolean isHeld(Path directory) {
    return HELD.contains(directory);
  }

  /** Where its blobs and partials are. */
  Path store() {
    return path.resolve(STORE);
  }

  /** A path for something under construction; nothing is there yet. */
  Path fresh() {
    return path.resolve(WORK).resolve(Integer.toString(counter.incrementAndGet()));
  }

  /** The directory itself. */
  Path path() {
    return path;
  }

  /** Bytes that this user may still write on its file system. */
  long free() throws IOException {
    return Files.getFileStore(path).getUsableSpace();
  }

  /** Removes everything of this run, then the common directory unless others use it. */
  void remove() throws IOException {
    try {
      Trees.remove(path);
    } finally {
      release();
    }
    removeIfEmpty(Optional.ofNullable(path.getParent()).orElseThrow());
  }

  /** Gives up the lock and leaves the store to the next run; says where, if anything is in it. */
  Optional<Path> leave() throws IOException {
    try {
      if (isEmpty(store())) {
        remove();
        return Optional.empty();
      }
      Trees.remove(path.resolve(WORK));
      return Optional.of(path);
    } finally {
      release();
    }
  }

  private static boolean isEmpty(Path directory) throws IOException {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
      return !files.iterator().hasNext();
    }
  }

  /** Whatever is there now, another run may have it. */
  private void release() throws IOException {
    try {
      lock.close();
    } finally {
      HELD.remove(path);
    }
  }

  static void removeIfEmpty(Path common) {
    try {
      Files.deleteIfExists(common);
    } catch (IOException e) {
      // Another run has its own directory in it.
    }
  }

  /** The directory of all runs of this user, which is never one that another user made. */
  private static Path common(Path ancestor, Owner self) throws IOException {
    for (Path all : commons(ancestor, self)) {
      try {
        makePrivate(all);
        return all;
      } catch (FileAlreadyExistsException e) {
        Optional<Stat> stat = Stat.of(all);
        if (stat.isEmpty()
            || (stat.get().type() == Stat.Type.DIRECTORY
                && stat.get().owner().uid() == self.uid())) {
          return all;
        }
      }
    }
    throw new AccessDeniedException(
        ancestor.resolve(NAME).toString(), null, "another user has made .modelbake there");
  }

  /** Makes a directory that only this user may enter, whatever the umask says. */
  static void makePrivate(Path directory) throws IOException {
    Files.createDirectory(directory, PRIVATE);
    // A setgid parent hands its bit down, and default ACLs may widen.
    Files.setAttribute(directory, "unix:mode", 0700, LinkOption.NOFOLLOW_LINKS);
  }

  private static boolean locked(FileChannel channel) throws IOException {
    try {
      FileLock lock = channel.tryLock();
      return lock != null;
    } catch (FileSystemException e) {
      throw e;
    } catch (IOException e) {
      // No locks on this file system: others see a file that they cannot lock and leave it alone.
      return true;
    }
  }

  static String random() {
    return HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
  }
}
