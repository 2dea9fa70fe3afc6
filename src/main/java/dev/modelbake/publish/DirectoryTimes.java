package dev.modelbake.publish;

import dev.modelbake.model.CannotCreateException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributeView;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The times that directories of others had before we worked in them. Safe for several threads. */
final class DirectoryTimes {
  /** What it was, and where root comes to it from when others can swap it. */
  private record Before(Stat stat, Optional<Path> shelter) {}

  private final Map<Path, Before> before = new LinkedHashMap<>();

  /** Notes a directory's times; the first time counts. */
  synchronized void remember(Path directory, Optional<Path> shelter) throws IOException {
    if (!before.containsKey(directory)) {
      Stat stat =
          Stat.of(directory).orElseThrow(() -> new NoSuchFileException(directory.toString()));
      before.put(directory, new Before(stat, shelter));
    }
  }

  /** Gives all noted directories their times back; where that is not allowed, it is left. */
  synchronized void restore() {
    before.forEach(
        (directory, was) -> {
          Stat stat = was.stat();
          try {
            if (was.shelter().isPresent()) {
              try (Seat seat = Seat.at(was.shelter().get(), directory)) {
                seat.setTimes(stat.modified(), stat.accessed());
              }
              return;
            }
            Files.getFileAttributeView(
                    directory, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
                .setTimes(stat.modified(), stat.accessed(), null);
          } catch (IOException | CannotCreateException e) {
            // A directory that this user may write but does not own keeps its new time.
          }
        });
    before.clear();
  }
}
