package dev.modelbake.publish;

import dev.modelbake.model.BakeException;
import dev.modelbake.model.CannotCreateException;
import dev.modelbake.model.DiskException;
import dev.modelbake.model.ManifestException;
import dev.modelbake.model.Owner;
import dev.modelbake.model.Plan;
import dev.modelbake.model.PlannedDirectory;
import dev.modelbake.model.PlannedFile;
import dev.modelbake.model.Target;
import dev.modelbake.model.Unpacking;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Tries what publication will need, so that it fails before bytes were fetched for nothing. */
record Preflight(Staging staging) {
  private static final int LONGEST_NAME = 255;

  /** An owner that must be given to files in a directory. */
  private record Gift(Path ancestor, Owner owner) {}

  void check(Plan plan) {
    plan.files().forEach(Preflight::resolved);
    for (Plan.DiskNeed disk : plan.disks()) {
      if (!disk.fits()) {
        throw tooSmall(disk);
      }
    }
    Set<Gift> gifts = new LinkedHashSet<>();
    for (PlannedFile file : plan.files()) {
      Path path = Staging.target(file).path();
      switch (file.state()) {
        case PRESENT -> {}
        case WRONG_OWNER_OR_MODE ->
            placements(file).forEach(one -> mendable(at(one), Staging.target(file).owner()));
        default -> Failures.during("looking at", path, () -> gifts.add(writable(file)));
      }
    }
    for (PlannedDirectory directory : plan.directories()) {
      Target.Resolved target = resolved(directory);
      switch (directory.state()) {
        case PRESENT -> {}
        case WRONG_OWNER_OR_MODE -> mendable(staging.locate(directory), target.owner());
        default ->
            Failures.during(
                "looking at", target.path(), () -> gifts.add(makeable(directory, target)));
      }
    }
    gifts.forEach(this::tryOwner);
  }

  private static void resolved(PlannedFile file) {
    if (file.target() instanceof Target.Unresolved unresolved) {
      throw new ManifestException(List.of(unresolved.reason()));
    }
  }

  private static Target.Resolved resolved(PlannedDirectory directory) {
    if (directory.target() instanceof Target.Unresolved unresolved) {
      throw new ManifestException(List.of(unresolved.reason()));
    }
    return Staging.target(directory);
  }

  private static BakeException tooSmall(Plan.DiskNeed disk) {
    return new DiskException(
        "preparing " + Failures.show(disk.directory()),
        Failures.show(disk.directory()),
        "the file system has %d bytes free, %d are needed".formatted(disk.free(), disk.needed()),
        "make space, or choose directories on another file system",
        null);
  }

  /** The paths that a plan alone knows; the target when it knows none. */
  private static List<Path> placements(PlannedFile file) {
    Target.Resolved target = Staging.target(file);
    List<Path> paths = Placement.of(file, target).stream().map(Placement::path).toList();
    return paths.isEmpty() ? List.of(target.path()) : paths;
  }

  /** Looks at a file that must be placed, and at the directories it needs. */
  private Gift writable(PlannedFile file) throws IOException {
    boolean tree = file.unpacking() instanceof Unpacking.Tree;
    for (Path path : placements(file)) {
      nameFits(path);
      boolean whole = tree && path.equals(Staging.target(file).path());
      Path located = whole ? staging.locate(file) : at(path);
      Path parent = RootedPaths.deepestExisting(located);
      replaceable(file, located);
      if (!Files.isWritable(parent) || !Files.isExecutable(parent)) {
        throw closed(located, parent);
      }
    }
    if (Staging.target(file).cache().isPresent()) {
      Path blobs = at(Staging.target(file).base().resolve("blobs").resolve("0"));
      Path parent = RootedPaths.deepestExisting(blobs);
      if (!Files.isWritable(parent) || !Files.isExecutable(parent)) {
        throw closed(blobs, parent);
      }
    }
    Path ancestor = RootedPaths.deepestExisting(staging.locate(file));
    return new Gift(ancestor, Staging.target(file).owner());
  }

  /** Looks at a directory that must be made; one that is there already is fine. */
  private Gift makeable(PlannedDirectory directory, Target.Resolved target) throws IOException {
    nameFits(target.path());
    Path located = staging.locate(directory);
    Path parent = RootedPaths.deepestExisting(located);
    if (!parent.equals(located) && (!Files.isWritable(parent) || !Files.isExecutable(parent))) {
      throw closed(located, parent);
    }
    return new Gift(parent, target.owner());
  }

  private Path at(Path path) {
    return staging.paths().locate(path);
  }

  private void replaceable(PlannedFile file, Path located) throws IOException {
    Optional<Stat> there = Stat.of(located);
    if (there.isEmpty() || (there.get().type() == Stat.Type.DIRECTORY && isTree(file, located))) {
      return;
    }
    if (Staging.target(file).cache().isPresent() && there.get().type() == Stat.Type.LINK) {
      return;
    }
    if (Staging.target(file).cache().isPresent()) {
      throw new CannotCreateException(
          Failures.show(located),
          "it is %s where the cache has a link to a blob, and it is not replaced"
              .formatted(there.get().type().label()),
          "remove it, so that the link can be made",
          null);
    }
    if (there.get().type() != Stat.Type.FILE || isTree(file, located)) {
      throw new CannotCreateException(
          Failures.show(located),
          "it is " + there.get().type().label() + ", which is not replaced",
          "remove it, or choose another path",
          null);
    }
    Owner self = staging.paths().self();
    Stat parent = Stat.of(Optional.ofNullable(located.getParent()).orElseThrow()).orElseThrow();
    boolean stuck =
        parent.isSticky()
            && self.uid() != 0
            && self.uid() != parent.owner().uid()
            && self.uid() != there.get().owner().uid();
    // Nothing but chattr +i and read-only mounts closes a file to root.
    if (stuck || (self.uid() == 0 && !Files.isWritable(located))) {
      throw new CannotCreateException(
          Failures.show(located),
          stuck
              ? "its directory is sticky and it belongs to user " + there.get().owner().uid()
              : "it is immutable or on a read-only mount",
          "bake as its owner, or make it writable (chattr -i, remount)",
          null);
    }
  }

  private boolean isTree(PlannedFile file, Path located) {
    return file.unpacking() instanceof Unpacking.Tree && located.equals(staging.locate(file));
  }

  private CannotCreateException closed(Path located, Path parent) throws IOException {
    boolean readOnly = Files.getFileStore(parent).isReadOnly();
    return new CannotCreateException(
        Failures.show(located),
        readOnly
            ? "the file system of %s is mounted read-only".formatted(Failures.show(parent))
            : "user %d may not write in %s"
                .formatted(staging.paths().self().uid(), Failures.show(parent)),
        readOnly
            ? "mount it writable"
            : staging.paths().self().uid() == 0
                ? "make it writable: it may be immutable (lsattr, chattr -i), or another user's"
                    + " in a user namespace"
                : "run as root or as the directory's owner",
        null);
  }

  private void mendable(Path located, Owner wanted) {
    Optional<Stat> there = Failures.telling("looking at", located, () -> Stat.of(located));
    Owner self = staging.paths().self();
    if (there.isEmpty()) {
      return;
    }
    long uid = there.get().owner().uid();
    boolean ours = self.uid() == uid && wanted.uid() == uid;
    if (!ours && (self.uid() != 0 || !Files.isWritable(located))) {
      throw new CannotCreateException(
          Failures.show(located),
          "its owner or mode is wrong, and user %d may not mend it".formatted(self.uid()),
          self.uid() == 0 ? "make it writable (chattr -i, remount)" : "run as root",
          null);
    }
  }

  /** Gives one private file away, since only trying tells (capabilities, namespaces, NFS). */
  private void tryOwner(Gift gift) {
    Failures.during(
        "making a staging directory",
        gift.ancestor(),
        () -> {
          Path probe = staging.directoryAt(gift.ancestor()).fresh();
          Files.createFile(probe);
          try {
            Finishing.own(probe, gift.owner());
          } finally {
            Files.delete(probe);
          }
        });
  }

  private static void nameFits(Path path) {
    for (Path name : path) {
      if (name.toString().getBytes(StandardCharsets.UTF_8).length > LONGEST_NAME) {
        throw new CannotCreateException(
            Failures.show(path),
            "a name in it is longer than " + LONGEST_NAME + " bytes",
            "choose a shorter path",
            null);
      }
    }
  }
}
