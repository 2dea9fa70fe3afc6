package dev.modelbake.publish;

import dev.modelbake.model.Owner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.Optional;

/**
 * What {@code lstat} says of a path: links are not followed.
 *
 * @param permissions the twelve permission bits, setuid, setgid and sticky included
 * @param size in bytes
 * @param device the number of the file system
 */
public record Stat(
    Type type,
    int permissions,
    Owner owner,
    long size,
    long device,
    FileTime modified,
    FileTime accessed) {
  private static final int STICKY = 01000;
  private static final int WORLD_WRITES = 0002;
  private static final int GROUP_WRITES = 0020;

  /** What a path is. */
  public enum Type {
    FILE("a file"),
    DIRECTORY("a directory"),
    LINK("a symbolic link"),
    /** A device, a FIFO, a socket. */
    OTHER("a device, FIFO or socket");

    private final String label;

    Type(String label) {
      this.label = label;
    }

    /** The words for messages. */
    public String label() {
      return label;
    }

    private static Type of(int mode) {
      return switch (mode >> 12) {
        case 010 -> FILE;
        case 004 -> DIRECTORY;
        case 012 -> LINK;
        default -> OTHER;
      };
    }
  }

  /** What stands at a path, if anything does. */
  public static Optional<Stat> of(Path path) throws IOException {
    try {
      Map<String, Object> found =
          Files.readAttributes(
              path,
              "unix:mode,uid,gid,size,dev,lastModifiedTime,lastAccessTime",
              LinkOption.NOFOLLOW_LINKS);
      int mode = (Integer) number(found, "mode");
      return Optional.of(
          new Stat(
              Type.of(mode),
              mode & 07777,
              new Owner(id(found, "uid"), id(found, "gid")),
              (Long) number(found, "size"),
              (Long) number(found, "dev"),
              time(found, "lastModifiedTime"),
              time(found, "lastAccessTime")));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (UnsupportedOperationException e) {
      return withoutOwners(path);
    }
  }

  /** Where files have neither owner nor mode, as on Windows, all are the running user's. */
  private static Optional<Stat> withoutOwners(Path path) throws IOException {
    try {
      BasicFileAttributes found =
          Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      Type type =
          found.isRegularFile()
              ? Type.FILE
              : found.isDirectory()
                  ? Type.DIRECTORY
                  : found.isSymbolicLink() ? Type.LINK : Type.OTHER;
      return Optional.of(
          new Stat(
              type,
              type == Type.DIRECTORY ? 0755 : 0644,
              new Owner(0, 0),
              found.size(),
              0,
              found.lastModifiedTime(),
              found.lastAccessTime()));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  /** The user and group this process creates files as. */
  public static Owner self() throws IOException {
    // A directory of the process itself: /proc/self is a link, and the links are always root's.
    Optional<Stat> process = of(Path.of("/proc/self/fd"));
    if (process.isPresent()) {
      return process.get().owner();
    }
    Path probe = Files.createTempFile("modelbake", "");
    try {
      return of(probe).orElseThrow().owner();
    } finally {
      Files.delete(probe);
    }
  }

  boolean isSticky() {
    return (permissions & STICKY) != 0;
  }

  /** Whether users outside owner and group may change the directory. */
  boolean worldWrites() {
    return (permissions & WORLD_WRITES) != 0;
  }

  /** Whether the group may change the directory. */
  boolean groupWrites() {
    return (permissions & GROUP_WRITES) != 0;
  }

  private static long id(Map<String, Object> found, String name) {
    // The kernel's 32 bits are unsigned, Java's are not.
    return Integer.toUnsignedLong((Integer) number(found, name));
  }

  private static Object number(Map<String, Object> found, String name) {
    return Optional.ofNullable(found.get(name)).orElseThrow();
  }

  private static FileTime time(Map<String, Object> found, String name) {
    return (FileTime) number(found, name);
  }
}
