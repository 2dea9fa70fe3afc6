package dev.modelbake.publish;

import dev.modelbake.model.CannotCreateException;
import dev.modelbake.model.FileMode;
import dev.modelbake.model.Owner;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A directory held open, reached name by name without following a link, as openat(2) does: whatever
 * somebody else puts in its place meanwhile, what is done here is done in it.
 */
final class Seat implements AutoCloseable {
  private final Path path;
  private final SecureDirectoryStream<Path> directory;

  private Seat(Path path, SecureDirectoryStream<Path> directory) {
    this.path = path;
    this.directory = directory;
  }

  /**
   * Opens a directory.
   *
   * @param sheltered at it or above it, where nobody else can swap anything
   * @throws CannotCreateException if a link or something else stands on the way by now
   */
  static Seat at(Path sheltered, Path path) throws IOException {
    List<Path> names = new ArrayList<>();
    sheltered.relativize(path).forEach(names::add);
    SecureDirectoryStream<Path> at = open(sheltered);
    for (Path name : names) {
      if (!name.toString().isEmpty()) {
        try (SecureDirectoryStream<Path> above = at) {
          at = above.newDirectoryStream(name, LinkOption.NOFOLLOW_LINKS);
        } catch (NoSuchFileException e) {
          throw e;
        } catch (FileSystemException e) {
          throw swapped(path);
        }
      }
    }
    return new Seat(path, at);
  }

  /** Whoever calls closes it. */
  @SuppressWarnings("StreamResourceLeak")
  private static SecureDirectoryStream<Path> open(Path path) throws IOException {
    DirectoryStream<Path> stream = Files.newDirectoryStream(path);
    if (stream instanceof SecureDirectoryStream<Path> secure) {
      return secure;
    }
    stream.close();
    throw new FileSystemException(path.toString(), null, "directories cannot be held open here");
  }

  private static CannotCreateException swapped(Path path) {
    return new CannotCreateException(
        Failures.show(path),
        "another user put something else in its place meanwhile",
        "bake when nobody else changes it, or into a directory of root's own",
        null);
  }

  /** Renames something to a name in here; what has the name already is replaced. */
  void take(Path from, Path name) throws IOException {
    Path parent = Optional.ofNullable(from.getParent()).orElseThrow();
    try (SecureDirectoryStream<Path> source = open(parent)) {
      source.move(from.getFileName(), directory, name.getFileName());
    }
  }

  /** Renames something in here to another place. */
  void give(Path name, Path to) throws IOException {
    Path parent = Optional.ofNullable(to.getParent()).orElseThrow();
    try (SecureDirectoryStream<Path> target = open(parent)) {
      directory.move(name.getFileName(), target, to.getFileName());
    }
  }

  /** Removes a file or link; one that is gone is fine. */
  void drop(Path name) throws IOException {
    try {
      directory.deleteFile(name.getFileName());
    } catch (NoSuchFileException e) {
      return;
    }
  }

  /**
   * Makes sure that a path outside is a second name of a file in here.
   *
   * @throws CannotCreateException if it is of another
   */
  void demandSame(Path name, Path outside) throws IOException {
    Object there =
        Files.readAttributes(outside, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
            .fileKey();
    if (!there.equals(view(name).readAttributes().fileKey())) {
      throw swapped(path.resolve(name.getFileName()));
    }
  }

  /** Gives a file or directory in here its owner and mode. */
  void dress(Path name, Owner owner, FileMode mode) throws IOException {
    PosixFileAttributeView view = view(name);
    UserPrincipalLookupService users = path.getFileSystem().getUserPrincipalLookupService();
    view.setGroup(users.lookupPrincipalByGroupName(Long.toString(owner.gid())));
    view.setOwner(users.lookupPrincipalByName(Long.toString(owner.uid())));
    view.setPermissions(permissions(mode.bits()));
  }

  private PosixFileAttributeView view(Path name) {
    return directory.getFileAttributeView(
        name.getFileName(), PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
  }

  private static Set<PosixFilePermission> permissions(int bits) {
    Set<PosixFilePermission> set = EnumSet.noneOf(PosixFilePermission.class);
    PosixFilePermission[] all = PosixFilePermission.values();
    for (int i = 0; i < all.length; i++) {
      if ((bits & (0400 >> i)) != 0) {
        set.add(all[i]);
      }
    }
    return set;
  }

  /** Makes the names in the directory survive a power failure. */
  void sync() throws IOException {
    try (SeekableByteChannel channel =
        directory.newByteChannel(Path.of("."), Set.of(StandardOpenOption.READ))) {
      if (channel instanceof FileChannel file) {
        file.force(true);
      }
    }
  }

  /** Gives the directory itself its times back. */
  void setTimes(FileTime modified, FileTime accessed) throws IOException {
    directory.getFileAttributeView(BasicFileAttributeView.class).setTimes(modified, accessed, null);
  }

  @Override
  public void close() throws IOException {
    directory.close();
  }
}
