package dev.modelbake.publish;

import dev.modelbake.model.BakeException;
import dev.modelbake.model.CannotCreateException;
import dev.modelbake.model.DiskException;
import dev.modelbake.model.InterruptedBakeException;
import dev.modelbake.model.Owner;
import dev.modelbake.model.Printable;
import dev.modelbake.model.Reason;
import dev.modelbake.model.TemporaryException;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Turns the file system's errors into ours. */
final class Failures {
  private static final int MOST = 400;
  private static final long NEARLY_NOTHING = 64 << 10;

  /** Texts of errors that Java has no exception for, as the C locale writes them. */
  private static final List<String> REFUSALS =
      List.of(
          "operation not permitted",
          "permission denied",
          "read-only file system",
          "not a directory",
          "is a directory",
          "file name too long",
          "too many levels of symbolic links",
          "invalid argument");

  private Failures() {}

  /** A path as it may be printed. */
  static String show(Path path) {
    return Printable.of(path.toString(), MOST);
  }

  /** The failure that an error at a path means. */
  static BakeException of(IOException error, String doing, Path path) {
    if (error instanceof ClosedByInterruptException) {
      return new InterruptedBakeException(doing);
    }
    if (error instanceof NoSuchFileException) {
      return new TemporaryException(
          doing + " " + show(path),
          "it vanished meanwhile",
          "run again, and find out what cleans up there",
          error);
    }
    String reason = reason(error);
    String lower = reason.toLowerCase(Locale.ROOT);
    if (error instanceof AccessDeniedException || REFUSALS.stream().anyMatch(lower::contains)) {
      return new CannotCreateException(
          show(path),
          doing + " failed: " + reason,
          "bake as root or as the owner of that directory, on a writable mount",
          error);
    }
    return new DiskException(
        doing + " " + show(path), show(path), reason + free(path), remedy(lower), error);
  }

  /** The failure to give a path to an owner. */
  static BakeException chown(IOException error, Path path, Owner owner) {
    Optional<String> unmapped = UserNamespace.current().unmapped(owner);
    if (unmapped.isPresent()) {
      return new CannotCreateException(
          show(path),
          unmapped.get() + " is not mapped in this user namespace (see /proc/self/uid_map)",
          "build with a range of user IDs (subuid, subgid), or set `owner: self`",
          error);
    }
    String reason = reason(error);
    if (!reason.toLowerCase(Locale.ROOT).contains("operation not permitted")) {
      return of(error, "giving it to " + owner, path);
    }
    if (isOnlyTheGroup(owner)) {
      return new CannotCreateException(
          show(path),
          "user %d is not in group %d, which the files are to belong to"
                  .formatted(owner.uid(), owner.gid())
              + (owner.gid() == 0 ? " (`access: shared`)" : ""),
          "run as root or in that group (`USER %d:%d`)".formatted(owner.uid(), owner.gid())
              + (owner.gid() == 0 ? ", or leave out `access: shared`" : ""),
          error);
    }
    return new CannotCreateException(
        show(path),
        "this user may not give files to " + owner,
        "run as root, or set `owner: self`",
        error);
  }

  /** Whether files of this user are to belong to another group. */
  private static boolean isOnlyTheGroup(Owner owner) {
    try {
      Owner self = Stat.self();
      return self.uid() == owner.uid() && self.gid() != owner.gid();
    } catch (IOException e) {
      return false;
    }
  }

  /** The failure that an error means whose path only the error knows. */
  static BakeException of(IOException error, String doing) {
    String path = error instanceof FileSystemException at ? at.getFile() : null;
    return of(error, doing, Path.of(path == null ? "" : path));
  }

  private static String reason(IOException error) {
    return Reason.of(error);
  }

  private static String remedy(String reason) {
    if (reason.contains("too many open files")) {
      return "raise the limit on open files (ulimit -n)";
    }
    return reason.contains("no space") || reason.contains("quota")
        ? "make space, or give the file system more of it (inodes too: `df -i`)"
        : "look at the disk and at the limits of this process";
  }

  private static String free(Path path) {
    for (Path at = path; at != null; at = at.getParent()) {
      try {
        if (Files.isDirectory(at)) {
          long free = Files.getFileStore(at).getUsableSpace();
          return free < NEARLY_NOTHING ? " (" + free + " bytes free)" : "";
        }
      } catch (IOException e) {
        return "";
      }
    }
    return "";
  }

  /** An I/O call whose error is told as ours. */
  @FunctionalInterface
  interface Call<T> {
    T run() throws IOException;
  }

  /** Runs a call; its error becomes a failure at this path. */
  static <T> T telling(String doing, Path path, Call<T> call) {
    try {
      return call.run();
    } catch (IOException e) {
      throw of(e, doing, path);
    }
  }

  /** An I/O action whose error is told as ours. */
  @FunctionalInterface
  interface Action {
    void run() throws IOException;
  }

  /** Runs an action; its error becomes a failure at this path. */
  static void during(String doing, Path path, Action action) {
    try {
      action.run();
    } catch (IOException e) {
      throw of(e, doing, path);
    }
  }
}
