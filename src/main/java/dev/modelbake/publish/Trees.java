package dev.modelbake.publish;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Directory trees, links never followed. */
final class Trees {
  private static final int TRIES = 3;

  private Trees() {}

  /** What is in a directory, in no order; empty when it is gone. */
  static List<Path> children(Path directory) throws IOException {
    List<Path> children = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
      entries.forEach(children::add);
    } catch (NoSuchFileException e) {
      return List.of();
    } catch (DirectoryIteratorException e) {
      throw new IOException(e.getCause());
    }
    return children;
  }

  /** Removes a path and everything below it; one that is gone is fine. */
  static void remove(Path path) throws IOException {
    for (int i = 1; ; i++) {
      try {
        removeOnce(path);
        return;
      } catch (DirectoryNotEmptyException e) {
        // A thread that was still writing has added something.
        if (i == TRIES) {
          throw e;
        }
      }
    }
  }

  private static void removeOnce(Path path) throws IOException {
    Optional<Stat> stat = Stat.of(path);
    if (stat.isEmpty()) {
      return;
    }
    if (stat.get().type() == Stat.Type.DIRECTORY) {
      if ((stat.get().permissions() & 0700) != 0700) {
        Files.setAttribute(path, "unix:mode", 0700, LinkOption.NOFOLLOW_LINKS);
      }
      for (Path child : children(path)) {
        removeOnce(child);
      }
    }
    Files.deleteIfExists(path);
  }
}
