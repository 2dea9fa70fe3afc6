package dev.modelbake.chaos;

import java.io.IOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.Random;

/**
 * What befalls the files below one directory: at one chosen operation something goes wrong. There
 * is one disk for all threads of the Java machine, as in life.
 */
final class DiskFaults {
  /** What goes wrong. */
  enum Kind {
    /** Nothing. */
    NONE,
    /** The disk is full: from here on nothing more can be made or written. */
    FULL,
    /** This one operation fails. */
    ERROR,
    /** A read fails. */
    READ_ERROR,
    /** A rename finds itself on another mount. */
    OTHER_MOUNT,
    /** A write takes fewer bytes than asked. */
    SHORT,
    /** A write stores something else and says nothing. */
    LIE,
    /** From here on nothing reaches the disk: what kill -9 leaves. */
    KILL
  }

  /** How a write is carried out. */
  record Write(int length, boolean flipped) {}

  private static Path below = Path.of("/nowhere");
  private static Kind kind = Kind.NONE;
  private static int at;
  private static int changes;
  private static int looks;
  private static boolean struck;
  private static boolean flips;

  private DiskFaults() {}

  /** Begins anew; counts operations from 0. */
  static synchronized void arm(Path directory, Kind what, int operation) {
    below = FaultyFiles.bare(directory);
    kind = what;
    at = operation;
    changes = 0;
    looks = 0;
    struck = false;
    flips = false;
  }

  /** A fault of any kind, at one of so many operations. */
  static void arm(Path directory, Random random, int operations) {
    Kind[] kinds = Kind.values();
    arm(directory, kinds[random.nextInt(kinds.length)], random.nextInt(operations));
  }

  /** Lets everything go well from here on; gives what went wrong, NONE when nothing did. */
  static synchronized Kind disarm() {
    Kind was = struck ? kind : Kind.NONE;
    kind = Kind.NONE;
    return was;
  }

  private static boolean reached(int count) {
    struck = struck || count == at;
    return struck;
  }

  /** Before a change. */
  static synchronized void change(String what, Path path) throws IOException {
    if (!path.startsWith(below) || kind == Kind.NONE) {
      return;
    }
    int number = changes++;
    switch (kind) {
      case FULL -> {
        boolean needsRoom = !what.equals("delete") && !what.startsWith("set");
        if (reached(number) && needsRoom) {
          throw new FileSystemException(path.toString(), null, "No space left on device");
        }
      }
      case ERROR -> {
        if (reached(number) && number == at) {
          throw new FileSystemException(path.toString(), null, "Input/output error");
        }
      }
      case KILL -> {
        if (reached(number)) {
          throw new FileSystemException(path.toString(), null, "killed");
        }
      }
      default -> {
        // Others strike elsewhere.
      }
    }
  }

  /** Before a rename. */
  static synchronized void move(Path from, Path to) throws IOException {
    change("move", to);
    if (kind == Kind.OTHER_MOUNT && to.startsWith(below) && !struck && looks++ >= at % 4) {
      struck = true;
      throw new AtomicMoveNotSupportedException(
          from.toString(), to.toString(), "Invalid cross-device link");
    }
  }

  /** Before a read. */
  static synchronized void look(Path path) throws IOException {
    if (!path.startsWith(below)) {
      return;
    }
    if (kind == Kind.KILL && struck) {
      throw new FileSystemException(path.toString(), null, "killed");
    }
    if (kind == Kind.READ_ERROR && looks++ == at) {
      struck = true;
      throw new FileSystemException(path.toString(), null, "Input/output error");
    }
  }

  /** Before a write of so many bytes. */
  static synchronized Write write(Path path, int length) throws IOException {
    change("write", path);
    boolean ours = path.startsWith(below) && length > 1;
    if (ours && kind == Kind.SHORT) {
      struck = true;
      return new Write(1 + length / 2, false);
    }
    if (ours && kind == Kind.LIE && !flips && changes++ >= at % 8) {
      struck = true;
      flips = true;
      return new Write(length, true);
    }
    return new Write(length, false);
  }
}
