package dev.modelbake.publish;

import dev.modelbake.model.FileMode;
import dev.modelbake.model.Owner;
import dev.modelbake.model.PlannedDirectory;
import dev.modelbake.model.PlannedFile;
import dev.modelbake.model.Target;
import dev.modelbake.store.Blob;
import dev.modelbake.store.BlobStore;
import dev.modelbake.store.Partial;
import dev.modelbake.store.Syncing;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Builds in staging what will stand at the targets: single files for directories that exist, and
 * each missing directory whole, so that it appears complete or not at all.
 */
final class Assembly {
  private static final int BUFFER = 256 << 10;
  private static final int OWNER_READS = 0400;

  /** A directory to be finished when everything is in it. */
  record Made(Path staged, Path target, Owner owner, FileMode mode) {}

  private final Staging staging;
  private final Finishing finishing;
  private final Map<Path, Part> tops = new LinkedHashMap<>();
  private final Map<Path, Made> directories = new LinkedHashMap<>();
  private final List<Part> parts = new ArrayList<>();
  private final Map<Path, Boolean> existing = new HashMap<>();
  private final List<Path> unsynced = new ArrayList<>();

  /** Where each blob's bytes are now: its own place, or where it was moved. */
  private final Map<Path, Path> taken = new HashMap<>();

  /** The parts that got a blob's bytes: one with the same owner and mode can be a second name. */
  private final Map<Path, List<Part>> takers = new HashMap<>();

  /** Two pointers of a cache may name one blob. */
  private final Set<Path> files = new HashSet<>();

  Assembly(Staging staging, Finishing finishing) {
    this.staging = staging;
    this.finishing = finishing;
  }

  /** Adds a file, unless another has brought it to the same place. */
  void file(PlannedFile file, Path target, Blob blob) throws IOException {
    if (!files.add(target)) {
      return;
    }
    Part part = part(file, target, Optional.of(blob));
    if (!link(blob, part)) {
      take(blob, part);
      finishFile(part);
    }
    takers.computeIfAbsent(blob.path(), path -> new ArrayList<>()).add(part);
  }

  /** Adds a symbolic link. */
  void link(PlannedFile file, Path target, String text) throws IOException {
    Part part = part(file, target, Optional.empty());
    Files.createSymbolicLink(part.staged(), Path.of(text));
    finishing.finishLink(part.staged(), Staging.target(file).owner());
  }

  /** Adds a directory of a tree, unless it exists. */
  void directory(PlannedFile file, Path target) throws IOException {
    directory(asker(file), target);
  }

  /** Adds a directory that is asked for by name, unless it exists. */
  void directory(PlannedDirectory directory, Path target) throws IOException {
    Path whole = staging.locate(directory);
    directory(new Asker(directory.name(), Staging.target(directory), whole), target);
  }

  private void directory(Asker asker, Path target) throws IOException {
    if (!exists(target)) {
      stagedDirectory(asker, target);
    }
  }

  /**
   * What needs a directory; the first that does gives it its owner and mode.
   *
   * @param whole where all of it stands or will stand
   */
  private record Asker(String name, Target.Resolved target, Path whole) {}

  private Asker asker(PlannedFile file) {
    return new Asker(file.name(), Staging.target(file), staging.locate(file));
  }

  /**
   * Syncs the files, finishes the directories, the deepest first, and gives the parts in their
   * order.
   */
  List<Part> finish() throws IOException {
    sync();
    List<Made> deepestLast = new ArrayList<>(directories.values());
    for (int i = deepestLast.size() - 1; i >= 0; i--) {
      Made made = deepestLast.get(i);
      finishing.finish(made.staged(), made.owner(), movable(made));
    }
    return List.copyOf(parts);
  }

  /** The directories that were made, as they must be at the end. */
  List<Made> made() {
    return List.copyOf(directories.values());
  }

  /** Assembles a file anew on the mount of its parent, when its first staging was on another. */
  Part moved(Part part) throws IOException {
    Path parent = Optional.ofNullable(part.target().getParent()).orElseThrow();
    Part there = part.with(staging.directoryAt(parent).fresh(), parent);
    copy(part.blob().orElseThrow(), there);
    finishFile(there);
    sync();
    return there;
  }

  private void sync() throws IOException {
    Syncing.all(unsynced);
    unsynced.clear();
  }

  /** A user without root's rights can only move a directory that it may write (rename(2)). */
  private FileMode movable(Made made) {
    boolean top = tops.containsKey(made.target());
    return top && staging.paths().self().uid() != 0
        ? new FileMode(made.mode().bits() | 0700)
        : made.mode();
  }

  private Part part(PlannedFile file, Path target, Optional<Blob> blob) throws IOException {
    Path parent = Optional.ofNullable(target.getParent()).orElseThrow();
    Asker asker = asker(file);
    if (!exists(parent)) {
      Path staged = stagedDirectory(asker, parent).resolve(target.getFileName().toString());
      return new Part(
          asker.name(), asker.target(), staged, target, topAbove(parent).ancestor(), blob);
    }
    Path ancestor = ancestor(asker, parent);
    Path staged = staging.directoryAt(ancestor).fresh();
    Part part = new Part(asker.name(), asker.target(), staged, target, ancestor, blob);
    parts.add(part);
    return part;
  }

  /**
   * The directory that stages for a parent: the whole target's, unless that is on another mount.
   */
  private Path ancestor(Asker asker, Path parent) throws IOException {
    Path whole = RootedPaths.deepestExisting(asker.whole());
    boolean together =
        Stat.of(whole).orElseThrow().device() == Stat.of(parent).orElseThrow().device();
    return together ? whole : parent;
  }

  private Path stagedDirectory(Asker asker, Path target) throws IOException {
    Deque<Path> missing = new ArrayDeque<>();
    for (Path at = target; !exists(at); at = Optional.ofNullable(at.getParent()).orElseThrow()) {
      missing.push(at);
    }
    Path staged = stagedTop(asker, missing.pop());
    for (Path next : missing) {
      staged = staged.resolve(next.getFileName().toString());
      make(asker, next, staged);
    }
    return staged;
  }

  private Part topAbove(Path missing) {
    Path at = missing;
    while (!tops.containsKey(at)) {
      at = Optional.ofNullable(at.getParent()).orElseThrow();
    }
    return Objects.requireNonNull(tops.get(at));
  }

  private Path stagedTop(Asker asker, Path top) throws IOException {
    if (!tops.containsKey(top)) {
      Path ancestor = ancestor(asker, Optional.ofNullable(top.getParent()).orElseThrow());
      Path staged = staging.directoryAt(ancestor).fresh();
      Part part = new Part(asker.name(), asker.target(), staged, top, ancestor, Optional.empty());
      make(asker, top, staged);
      tops.put(top, part);
      parts.add(part);
    }
    return Objects.requireNonNull(tops.get(top)).staged();
  }

  private void make(Asker asker, Path target, Path staged) throws IOException {
    if (!directories.containsKey(target)) {
      StagingDirectory.makePrivate(staged);
      directories.put(
          target, new Made(staged, target, asker.target().owner(), asker.target().dirMode()));
    }
  }

  private void finishFile(Part part) throws IOException {
    Target.Resolved target = part.goal();
    if ((target.mode().bits() & OWNER_READS) == 0) {
      finishing.finish(part.staged(), target.owner(), target.mode());
    } else {
      finishing.dress(part.staged(), target.owner(), target.mode());
      unsynced.add(part.staged());
    }
  }

  /** Makes a part another name of one that is finished already, where that is possible. */
  private boolean link(Blob blob, Part part) throws IOException {
    Target.Resolved wanted = part.goal();
    for (Part other : takers.getOrDefault(blob.path(), List.of())) {
      Target.Resolved has = other.goal();
      boolean equal = has.owner().equals(wanted.owner()) && has.mode().equals(wanted.mode());
      if (equal && link(other.staged(), part.staged())) {
        return true;
      }
    }
    return false;
  }

  private static boolean link(Path from, Path to) throws IOException {
    try {
      Files.createLink(to, from);
      return true;
    } catch (FileSystemException | UnsupportedOperationException e) {
      return false; // On another mount, or one without hard links: it becomes a copy.
    }
  }

  /**
   * Puts a blob's bytes into a part. A hard link leaves the store's name in place, so that a run
   * which fails later, or is killed, still has the blob for the next.
   */
  private void take(Blob blob, Part part) throws IOException {
    if (taken.containsKey(blob.path())) {
      copy(blob, part);
      return;
    }
    try {
      Files.createLink(part.staged(), blob.path());
      taken.put(blob.path(), blob.path());
    } catch (FileSystemException | UnsupportedOperationException noLinks) {
      try {
        Files.move(blob.path(), part.staged(), StandardCopyOption.ATOMIC_MOVE);
        taken.put(blob.path(), part.staged());
      } catch (AtomicMoveNotSupportedException otherMount) {
        copy(blob, part);
      }
    }
  }

  /** Copies a blob's bytes, which are proven again on their way. */
  private void copy(Blob blob, Part part) throws IOException {
    BlobStore store = staging.storeAt(part.ancestor());
    Path from = taken.getOrDefault(blob.path(), blob.path());
    try (Partial partial = store.begin(blob.descriptor());
        FileChannel channel = FileChannel.open(from, StandardOpenOption.READ)) {
      ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
      while (channel.read(buffer.clear()) >= 0) {
        partial.write(buffer.flip());
      }
      Blob copied = store.admit(partial, blob.descriptor(), part.name());
      Files.move(copied.path(), part.staged(), StandardCopyOption.ATOMIC_MOVE);
    }
  }

  /** Whether a directory exists; once absent, it counts as absent: another run may make it now. */
  private boolean exists(Path directory) throws IOException {
    if (!existing.containsKey(directory)) {
      Optional<Stat> stat = Stat.of(directory);
      existing.put(directory, stat.filter(one -> one.type() == Stat.Type.DIRECTORY).isPresent());
    }
    return Objects.requireNonNull(existing.get(directory));
  }
}
