package dev.modelbake.publish;

import dev.modelbake.digest.FileDigests;
import dev.modelbake.model.BakeEvent;
import dev.modelbake.model.BakeListener;
import dev.modelbake.model.CannotCreateException;
import dev.modelbake.model.Digest;
import dev.modelbake.store.Syncing;
import java.io.IOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Renames what is assembled to its place, so that every step can be taken back. */
final class Placing {
  private final Staging staging;
  private final Assembly assembly;
  private final BakeListener listener;
  private final Undo undo;
  private final Set<Path> touched = new LinkedHashSet<>();
  private final Set<Path> shared = new HashSet<>();

  Placing(Staging staging, Assembly assembly, BakeListener listener, Undo undo) {
    this.staging = staging;
    this.assembly = assembly;
    this.listener = listener;
    this.undo = undo;
  }

  /** Puts all parts at their places, in order. */
  void place(List<Part> parts) throws IOException {
    for (Part part : parts) {
      place(part);
    }
  }

  /** Whether a directory turned out to have been made by another run meanwhile. */
  boolean isShared(Path directory) {
    return shared.contains(directory);
  }

  /** Syncs the directories in which names changed. */
  void sync() throws IOException {
    for (Path directory : touched) {
      Optional<Seat> seat = staging.seat(directory.resolve("."));
      if (seat.isEmpty()) {
        Syncing.one(directory);
      } else {
        try (Seat held = seat.get()) {
          held.sync();
        }
      }
    }
  }

  private void place(Part part) throws IOException {
    touch(parent(part.target()));
    if (Files.isDirectory(part.staged(), LinkOption.NOFOLLOW_LINKS)) {
      directory(part);
    } else if (part.blob().isEmpty()) {
      entry(part);
    } else {
      try {
        entry(part);
      } catch (AtomicMoveNotSupportedException otherMount) {
        // One file system mounted twice looks like one until a rename says otherwise.
        entry(assembly.moved(part));
      }
    }
  }

  private void directory(Part part) throws IOException {
    Path target = part.target();
    try {
      staging.place(part.staged(), target);
      undo.add(() -> staging.takeBack(target, part.staged()));
    } catch (FileSystemException e) {
      if (!Files.isDirectory(target, LinkOption.NOFOLLOW_LINKS)) {
        throw e;
      }
      // Another run made it meanwhile.
      shared.add(target);
      for (Path child : referencesLast(part.staged())) {
        place(child(part, child));
      }
    }
  }

  /** In a hub cache a reference comes after what it refers to. */
  private static List<Path> referencesLast(Path directory) throws IOException {
    return Trees.children(directory).stream()
        .sorted(
            Comparator.comparing((Path child) -> child.endsWith("refs"))
                .thenComparing(Comparator.naturalOrder()))
        .toList();
  }

  private static Part child(Part part, Path staged) {
    Path target = part.target().resolve(staged.getFileName().toString());
    return new Part(part.name(), part.goal(), staged, target, part.ancestor(), Optional.empty());
  }

  /** Places a file or link. */
  private void entry(Part part) throws IOException {
    Path target = part.target();
    Optional<Stat> there = Stat.of(target);
    if (there.isEmpty()) {
      staging.place(part.staged(), target);
      undo.add(() -> staging.drop(target));
      return;
    }
    Stat.Type type = Stat.of(part.staged()).orElseThrow().type();
    if (there.get().type() != type) {
      throw new CannotCreateException(
          Failures.show(target),
          "it is " + there.get().type().label() + ", which is not replaced",
          "remove it, or choose another path",
          null);
    }
    if (same(part.staged(), target, type)) {
      return;
    }
    replace(part, type);
  }

  private void replace(Part part, Stat.Type type) throws IOException {
    Path target = part.target();
    Path old = backup(part, type);
    staging.place(part.staged(), target);
    undo.add(() -> staging.place(old, target));
    listener.on(
        new BakeEvent.Notice(
            "replaced %s, which %s"
                .formatted(
                    Failures.show(target),
                    type == Stat.Type.FILE ? "held other bytes" : "pointed elsewhere")));
  }

  /** A second name of what will be replaced, on the same mount. */
  private Path backup(Part part, Stat.Type type) throws IOException {
    Path old = staging.directoryAt(part.ancestor()).fresh();
    if (type == Stat.Type.LINK) {
      Files.createSymbolicLink(old, Files.readSymbolicLink(part.target()));
      Finishing.own(old, Stat.of(part.target()).orElseThrow().owner());
      return old;
    }
    Optional<Seat> seat = staging.seat(part.target());
    if (seat.isPresent()) {
      try (Seat held = seat.get()) {
        Files.createLink(old, part.target());
        held.demandSame(part.target(), old);
      }
      return old;
    }
    try {
      Files.createLink(old, part.target());
    } catch (FileSystemException | UnsupportedOperationException e) {
      // No links on this file system, or not to files of others (protected_hardlinks); or
      // another mount, which the rename will say.
      Files.copy(part.target(), old, StandardCopyOption.COPY_ATTRIBUTES, LinkOption.NOFOLLOW_LINKS);
    }
    return old;
  }

  private void touch(Path directory) throws IOException {
    if (touched.add(directory)) {
      staging.touching(directory);
    }
  }

  /** Whether what stands there is what we bring: another run may have been faster. */
  private static boolean same(Path staged, Path target, Stat.Type type) throws IOException {
    if (type == Stat.Type.LINK) {
      return Files.readSymbolicLink(staged).equals(Files.readSymbolicLink(target));
    }
    return Stat.of(staged).orElseThrow().size() == Stat.of(target).orElseThrow().size()
        && sha256(staged).equals(sha256(target));
  }

  private static Digest sha256(Path file) throws IOException {
    return FileDigests.of(file, List.of()).sha256();
  }

  private static Path parent(Path path) {
    return Optional.ofNullable(path.getParent()).orElseThrow();
  }
}
