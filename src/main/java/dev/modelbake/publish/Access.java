package dev.modelbake.publish;

import dev.modelbake.model.Owner;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** Tells by mode bits alone whether a user could read a file. */
public record Access(RootedPaths paths) {
  private static final int READ = 4;
  private static final int SEARCH = 1;

  /**
   * What closes a file, or a directory and what is in it, to a user; in words, empty when nothing
   * does.
   *
   * @param located an existing path on this machine, below the root
   */
  public Optional<String> closed(Path located, Owner user) throws IOException {
    for (Path at = located.getParent(); at != null; at = at.getParent()) {
      Optional<String> closed = closed(at, user, SEARCH);
      if (closed.isPresent()) {
        return closed;
      }
      if (at.equals(paths.root())) {
        break;
      }
    }
    boolean directory = Stat.of(located).orElseThrow().type() == Stat.Type.DIRECTORY;
    return closed(located, user, directory ? READ | SEARCH : READ);
  }

  private static Optional<String> closed(Path path, Owner user, int wanted) throws IOException {
    Stat stat = Stat.of(path).orElseThrow();
    if (user.uid() == 0 || (bits(stat, user) & wanted) == wanted) {
      return Optional.empty();
    }
    return Optional.of(
        "%s is %s %04o".formatted(Failures.show(path), stat.owner(), stat.permissions()));
  }

  /** The first class that the user belongs to decides, as in the kernel. */
  private static int bits(Stat stat, Owner user) {
    if (stat.owner().uid() == user.uid()) {
      return stat.permissions() >> 6;
    }
    return stat.owner().gid() == user.gid() ? stat.permissions() >> 3 : stat.permissions();
  }
}
