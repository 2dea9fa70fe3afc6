package dev.modelbake.publish;

import dev.modelbake.model.CannotCreateException;
import dev.modelbake.model.Owner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Finds where an image's path stands on this machine, as a process chrooted into the image would.
 *
 * <p>Absolute links start again at the root and {@code ..} does not leave it. A link is followed
 * only where nobody but root and this user could have planted it, the rule of the kernel's {@code
 * protected_symlinks} widened to directories that belong to another user.
 */
public final class RootedPaths {
  /** As many as the kernel follows (path_resolution(7)). */
  private static final int MOST_LINKS = 40;

  private final Path root;
  private final Owner self;
  private final Map<Path, Path> known = new ConcurrentHashMap<>();

  private RootedPaths(Path root, Owner self) {
    this.root = root;
    this.self = self;
  }

  /**
   * Paths below a root.
   *
   * @throws CannotCreateException if the root is not a directory
   */
  public static RootedPaths below(Path root) {
    return Failures.telling(
        "opening the root",
        root,
        () -> {
          if (!Files.isDirectory(root)) {
            throw refusal(root, "the root is not a directory", "make it, or name another --root");
          }
          return new RootedPaths(root.toRealPath(), Stat.self());
        });
  }

  /** The root on this machine, links in its own path resolved. */
  public Path root() {
    return root;
  }

  /** The user that looks. */
  public Owner self() {
    return self;
  }

  /**
   * Where a file stands or will stand: links in its directories are followed, the last name is not.
   *
   * @param path absolute, as the image sees it
   * @throws CannotCreateException if a component is no directory, or a link that is not followed
   */
  public Path locate(Path path) {
    Path parent = path.normalize().getParent();
    if (parent == null) {
      return root;
    }
    return locateDirectory(parent).resolve(path.getFileName().toString());
  }

  /** Where a directory stands or will stand: links are followed, the last one too. */
  public Path locateDirectory(Path path) {
    return Failures.telling("resolving", path, () -> walk(path));
  }

  /** The deepest directory that exists, at a located path or above it. */
  public static Path deepestExisting(Path located) throws IOException {
    Path at = located;
    while (Stat.of(at).filter(stat -> stat.type() == Stat.Type.DIRECTORY).isEmpty()) {
      at = Optional.ofNullable(at.getParent()).orElseThrow();
    }
    return at;
  }

  private Path walk(Path path) throws IOException {
    Path begin = knownPrefix(path);
    Path at = known.getOrDefault(begin, root);
    Deque<String> ahead = new ArrayDeque<>();
    push(ahead, begin.relativize(path));
    int links = 0;
    // While at least this many names are ahead, the walk is inside a link's own text.
    int inside = Integer.MAX_VALUE;
    while (!ahead.isEmpty()) {
      String name = ahead.pop();
      inside = ahead.size() < inside ? Integer.MAX_VALUE : inside;
      if (name.equals("..")) {
        at = at.equals(root) ? root : Optional.ofNullable(at.getParent()).orElse(root);
        continue;
      }
      Path next = at.resolve(name);
      Optional<Stat> stat = Stat.of(next);
      if (stat.isEmpty()) {
        if (inside != Integer.MAX_VALUE) {
          throw refusal(path, show(next) + ", which a link names, does not exist", "make it first");
        }
        return rest(next, ahead);
      }
      switch (stat.get().type()) {
        case DIRECTORY -> {
          at = next;
          if (inside == Integer.MAX_VALUE) {
            remember(path, path.getNameCount() - ahead.size(), at);
          }
        }
        case LINK -> {
          links++;
          Path to = follow(path, next, links);
          inside = Math.min(inside, ahead.size());
          at = to.isAbsolute() ? root : at;
          push(ahead, to);
        }
        default ->
            throw refusal(
                path,
                show(next) + " is " + stat.get().type().label() + ", not a directory",
                "remove it, or choose another directory");
      }
    }
    return at;
  }

  /** The longest beginning of a path that was walked before. */
  private Path knownPrefix(Path path) {
    Path prefix = path;
    while (prefix.getParent() != null && !known.containsKey(prefix)) {
      prefix = prefix.getParent();
    }
    return prefix;
  }

  /** Notes where a directory is, when nobody else can swap what leads to it. */
  private void remember(Path path, int names, Path located) throws IOException {
    Path prefix = Path.of("/").resolve(path.subpath(0, names));
    if (exposed(located).isEmpty()) {
      known.put(prefix, located);
    }
  }

  /** What a link names, if it may be followed. */
  private Path follow(Path whole, Path link, int links) throws IOException {
    if (links > MOST_LINKS) {
      throw refusal(whole, "more than " + MOST_LINKS + " symbolic links", "untie the loop");
    }
    Optional<Path> exposed = exposed(link);
    if (exposed.isPresent()) {
      throw refusal(
          whole,
          "%s is a symbolic link, and %s may be written by another user, so it is not followed"
              .formatted(show(link), show(exposed.get())),
          "name the directory that the link points to");
    }
    return Files.readSymbolicLink(link);
  }

  /**
   * For root, the deepest directory at this one or above it in which nobody else can swap anything;
   * empty when that is this directory itself, or there is none. Other users only have what they may
   * write anyway.
   */
  Optional<Path> shelter(Path directory) throws IOException {
    if (self.uid() != 0 || isSheltered(directory)) {
      return Optional.empty();
    }
    for (Path at = directory; !at.equals(root) && at.getParent() != null; at = at.getParent()) {
      if (isSheltered(at.getParent())) {
        return Optional.of(at.getParent());
      }
    }
    return Optional.empty();
  }

  private boolean isSheltered(Path directory) throws IOException {
    Optional<Stat> stat = Stat.of(directory);
    return stat.isPresent()
        && isOurs(stat.get())
        && (!isOpen(stat.get()) || stat.get().isSticky())
        && exposed(directory).isEmpty();
  }

  private boolean isOpen(Stat directory) {
    return directory.worldWrites() || (directory.groupWrites() && !isPrivateGroup(directory));
  }

  private static Stat demand(Path path) throws IOException {
    return Stat.of(path).orElseThrow(() -> new NoSuchFileException(path.toString()));
  }

  /** The lowest directory above this entry in which somebody else can swap what leads to it. */
  private Optional<Path> exposed(Path entry) throws IOException {
    for (Path at = entry; !at.equals(root) && at.getParent() != null; at = at.getParent()) {
      Path directory = at.getParent();
      Stat holder = demand(directory);
      boolean sealed = holder.isSticky() && isOurs(demand(at));
      if (!isOurs(holder) || (isOpen(holder) && !sealed)) {
        return Optional.of(directory);
      }
    }
    return Optional.empty();
  }

  private boolean isOurs(Stat stat) {
    return stat.owner().uid() == 0 || stat.owner().uid() == self.uid();
  }

  /** Whether the group is that of one user only, by the convention of useradd; never root's. */
  private boolean isPrivateGroup(Stat directory) {
    return self.uid() != 0 && self.uid() == self.gid() && directory.owner().gid() == self.gid();
  }

  private static Path rest(Path absent, Deque<String> ahead) {
    Path path = absent;
    while (!ahead.isEmpty()) {
      path = path.resolve(ahead.pop());
    }
    return path.normalize();
  }

  private static void push(Deque<String> ahead, Path path) {
    for (int i = path.getNameCount() - 1; i >= 0; i--) {
      String name = path.getName(i).toString();
      if (!name.isEmpty() && !name.equals(".")) {
        ahead.push(name);
      }
    }
  }

  private static String show(Path path) {
    return Failures.show(path);
  }

  private static CannotCreateException refusal(Path path, String happened, String remedy) {
    return new CannotCreateException(show(path), happened, remedy, null);
  }
}
