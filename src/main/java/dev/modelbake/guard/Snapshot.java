package dev.modelbake.guard;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;

/** The files and links below some directories at one moment. */
final class Snapshot {
  private static final Set<String> SKIPPED = Set.of("__pycache__", ".locks", ".no_exist", ".git");

  private final Map<Path, Stamp> files = new TreeMap<>();

  /** What tells a file from one that was written in its place. */
  private record Stamp(long size, FileTime modified, Object inode) {}

  private Snapshot() {}

  /** Looks at directories; those that are not there, or may not be read, have no files. */
  static Snapshot of(Collection<Path> directories) {
    Snapshot snapshot = new Snapshot();
    for (Path directory : directories) {
      snapshot.walk(directory);
    }
    return snapshot;
  }

  private void walk(Path directory) {
    walk(directory, (path, is) -> true);
  }

  /** Which files are of interest. */
  private interface Interest {
    boolean in(Path path, BasicFileAttributes is) throws IOException;
  }

  private void walk(Path directory, Interest interest) {
    try {
      // A cache may be a link to another disk; what lies in it is not followed further.
      Path start = Files.isDirectory(directory) ? directory.toRealPath() : directory;
      Files.walkFileTree(
          start,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path path, BasicFileAttributes is) {
              boolean skipped = SKIPPED.contains(String.valueOf(path.getFileName()));
              return skipped ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path path, BasicFileAttributes is) throws IOException {
              if ((is.isRegularFile() || is.isSymbolicLink()) && interest.in(path, is)) {
                add(directory.resolve(start.relativize(path)), is);
              }
              return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path path, IOException failure) {
              return FileVisitResult.CONTINUE;
            }
          });
    } catch (IOException e) {
      return;
    }
  }

  /**
   * Adds the files below directories that were written or put there since a time. A new name
   * changes the directory's own time, and is then looked at more closely: a file may bring its old
   * time along.
   */
  void addChanged(Collection<Path> directories, FileTime since) {
    Map<Path, Boolean> touched = new HashMap<>();
    for (Path directory : directories) {
      walk(
          directory,
          (path, is) -> {
            if (is.lastModifiedTime().compareTo(since) >= 0) {
              return true;
            }
            Path parent = path.getParent();
            return parent != null
                && touched.computeIfAbsent(parent, one -> isSince(one, since))
                && isChanged(path, since);
          });
    }
  }

  /** A file that was put somewhere may bring its old time along, but not into its inode. */
  private static boolean isChanged(Path path, FileTime since) throws IOException {
    Object changed = Files.getAttribute(path, "unix:ctime", LinkOption.NOFOLLOW_LINKS);
    return changed instanceof FileTime time && time.compareTo(since) >= 0;
  }

  private static boolean isSince(Path directory, FileTime since) {
    try {
      return Files.getLastModifiedTime(directory).compareTo(since) >= 0;
    } catch (IOException e) {
      return true;
    }
  }

  private void add(Path path, BasicFileAttributes is) {
    files.put(
        path, new Stamp(is.size(), is.lastModifiedTime(), Objects.toString(is.fileKey(), "")));
  }

  /** Adds single files, when they are there and were written or put there since a time. */
  void add(Collection<Path> paths, FileTime since) {
    for (Path path : paths) {
      try {
        BasicFileAttributes is =
            Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        if ((is.isRegularFile() || is.isSymbolicLink()) && isChanged(path, since)) {
          add(path, is);
        }
      } catch (IOException e) {
        // A temporary name, renamed since.
      }
    }
  }

  /** The files of this moment that an earlier one did not have, or had with another content. */
  List<Path> since(Snapshot earlier) {
    return files.entrySet().stream()
        .filter(entry -> !entry.getValue().equals(earlier.files.get(entry.getKey())))
        .map(Map.Entry::getKey)
        .toList();
  }
}
