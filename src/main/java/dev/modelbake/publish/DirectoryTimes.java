package dev.modelbake.publish;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributeView;
import java.util.LinkedHashMap;
import java.util.Map;

/** The times that directories of others had before we worked in them. Safe for several threads. */
final class DirectoryTimes {
  private final Map<Path, Stat> before = new LinkedHashMap<>();

  /** Notes a directory's times; the first time counts. */
  synchronized void remember(Path directory) throws IOException {
    if (!before.containsKey(directory)) {
      before.put(directory, Stat.of(directory).orElseThrow());
    }
  }

  /** Gives all noted directories their times back; where that is not allowed, it is left. */
  synchronized void restore() {
    before.forEach(
        (directory, stat) -> {
          try {
            Files.getFileAttributeView(
                    directory, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
                .setTimes(stat.modified(), stat.accessed(), null);
          } catch (IOException e) {
            // A directory that this user may write but does not own keeps its new time.
          }
        });
    before.clear();
  }
}
