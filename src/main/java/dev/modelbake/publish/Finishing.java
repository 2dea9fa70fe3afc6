package dev.modelbake.publish;

import dev.modelbake.model.FileMode;
import dev.modelbake.model.Owner;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.util.Set;

/**
 * Gives files, directories and links their final owner, mode and times, whatever the umask, the
 * parent's setgid bit or its default ACL made of them. Links are not followed.
 */
record Finishing(Times times) {
  private static final Set<OpenOption> READ =
      Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);

  /**
   * Finishes a file or directory and syncs it.
   *
   * @throws dev.modelbake.model.CannotCreateException if the owner cannot be given
   */
  void finish(Path path, Owner owner, FileMode mode) throws IOException {
    // Opened first: the final mode may forbid this user to open it. chown before chmod, because
    // chown clears the setgid bit.
    try (FileChannel channel = FileChannel.open(path, READ)) {
      dress(path, owner, mode);
      channel.force(true);
    }
  }

  /** Finishes a file that this user may still open afterwards; it is synced later. */
  void dress(Path path, Owner owner, FileMode mode) throws IOException {
    setTimes(path);
    own(path, owner);
    chmod(path, mode.bits());
  }

  /** Finishes a symbolic link, which has no mode. */
  void finishLink(Path link, Owner owner) throws IOException {
    own(link, owner);
    setTimes(link);
  }

  /** Sets the times where they are others. */
  void setTimes(Path path) throws IOException {
    Stat now = Stat.of(path).orElseThrow();
    if (now.modified().equals(times.fileTime()) && now.accessed().equals(times.fileTime())) {
      return;
    }
    Files.getFileAttributeView(path, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
        .setTimes(times.fileTime(), times.fileTime(), null);
  }

  /** Changes the owner where it is another; one that is right is never set. */
  static void own(Path path, Owner owner) throws IOException {
    Owner now = Stat.of(path).orElseThrow().owner();
    try {
      if (now.gid() != owner.gid()) {
        Files.setAttribute(path, "unix:gid", (int) owner.gid(), LinkOption.NOFOLLOW_LINKS);
      }
      if (now.uid() != owner.uid()) {
        Files.setAttribute(path, "unix:uid", (int) owner.uid(), LinkOption.NOFOLLOW_LINKS);
      }
    } catch (IOException e) {
      throw Failures.chown(e, path, owner);
    }
  }

  /** Sets the permission bits where they are others. */
  static void chmod(Path path, int bits) throws IOException {
    if (Stat.of(path).orElseThrow().permissions() != bits) {
      Files.setAttribute(path, "unix:mode", bits, LinkOption.NOFOLLOW_LINKS);
    }
  }
}
