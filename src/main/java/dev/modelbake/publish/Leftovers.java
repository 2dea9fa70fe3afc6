package dev.modelbake.publish;

import dev.modelbake.model.Owner;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What runs that ended without success left in the staging directories of a path's ancestors.
 *
 * <p>Everything here is a courtesy to save bandwidth and space: an error leaves things as they are.
 *
 * @param self only directories of this user are touched
 * @param wanted the hexadecimal SHA-256 of files worth keeping
 */
record Leftovers(Owner self, Set<String> wanted) {
  private static final int HEX = 64;
  private static final Set<OpenOption> EXISTING =
      Set.of(StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);

  /**
   * Makes the lock of a run that was killed before it had one; a live run then takes a new name.
   */
  private static final Set<OpenOption> PERHAPS_NEW =
      Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);

  /** What is done with the directory of a dead run. */
  @FunctionalInterface
  private interface Fate {
    void decide(Path dead) throws IOException;
  }

  Leftovers {
    wanted = Set.copyOf(wanted);
  }

  /** Moves the wanted files of dead runs, at this directory or above it, into a store. */
  void adopt(Path ancestor, Path store) {
    each(
        ancestor,
        PERHAPS_NEW,
        dead -> {
          for (Path file : Trees.children(dead.resolve(StagingDirectory.STORE))) {
            if (isWanted(file)) {
              move(file, store.resolve(file.getFileName().toString()));
            }
          }
          if (Trees.children(dead.resolve(StagingDirectory.STORE)).isEmpty()) {
            Trees.remove(dead);
          }
        });
  }

  /** Removes what is left of dead runs, at this directory or above it. */
  void sweep(Path ancestor) {
    each(ancestor, PERHAPS_NEW, Trees::remove);
  }

  /** Bytes of wanted files, at these directories or above them, that need not be fetched again. */
  long bytes(Collection<Path> ancestors) {
    Map<String, Long> largest = new HashMap<>();
    for (Path ancestor : ancestors) {
      each(
          ancestor,
          EXISTING,
          dead -> {
            for (Path file : Trees.children(dead.resolve(StagingDirectory.STORE))) {
              if (isWanted(file)) {
                // A partial has a journal beside it.
                long size = Stat.of(file).map(Stat::size).orElse(0L);
                largest.merge(digestOf(file), size, Math::max);
              }
            }
          });
    }
    return largest.values().stream().mapToLong(Long::longValue).sum();
  }

  private boolean isWanted(Path file) throws IOException {
    return wanted.contains(digestOf(file))
        && Stat.of(file).filter(stat -> stat.type() == Stat.Type.FILE).isPresent();
  }

  /** The store begins the name of each file with the digest that is expected of it. */
  private static String digestOf(Path file) {
    String name = file.getFileName().toString();
    return name.substring(0, Math.min(HEX, name.length()));
  }

  private static void move(Path from, Path to) throws IOException {
    try {
      // Without ATOMIC_MOVE, Java would copy to another mount.
      if (Files.notExists(to, LinkOption.NOFOLLOW_LINKS)) {
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
      }
    } catch (FileAlreadyExistsException e) {
      // Another thread was first; the same bytes are wanted once.
    }
  }

  private void each(Path ancestor, Set<OpenOption> how, Fate fate) {
    for (Path at = ancestor; at != null; at = at.getParent()) {
      for (Path common : StagingDirectory.commons(at, self)) {
        try {
          if (isMine(common)) {
            for (Path run : Trees.children(common)) {
              ifDead(run, how, fate);
            }
          }
        } catch (IOException e) {
          // Unreadable: not ours to clean.
        }
      }
    }
  }

  private void ifDead(Path run, Set<OpenOption> how, Fate fate) {
    if (StagingDirectory.isHeld(run)) {
      return;
    }
    try (FileChannel channel = FileChannel.open(run.resolve(StagingDirectory.LOCK), how);
        FileLock lock = channel.tryLock()) {
      if (lock != null && isMine(run)) {
        fate.decide(run);
      }
    } catch (IOException e) {
      // Just made, just removed, or on a file system without locks: it is left alone.
    }
  }

  private boolean isMine(Path directory) throws IOException {
    return Stat.of(directory)
        .filter(stat -> stat.type() == Stat.Type.DIRECTORY)
        .filter(stat -> stat.owner().uid() == self.uid())
        .isPresent();
  }

  /** Tries to remove the common directories which are empty now. */
  void tidy(Path ancestor, DirectoryTimes times) throws IOException {
    for (Path at = ancestor; at != null; at = at.getParent()) {
      for (Path common : StagingDirectory.commons(at, self)) {
        if (isMine(common)) {
          times.remember(at, Optional.empty());
          StagingDirectory.removeIfEmpty(common);
        }
      }
    }
  }
}
