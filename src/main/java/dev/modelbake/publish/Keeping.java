package dev.modelbake.publish;

import dev.modelbake.digest.FileDigests;
import dev.modelbake.digest.TreeDigest;
import dev.modelbake.model.BakeEvent;
import dev.modelbake.model.BakeListener;
import dev.modelbake.model.CannotCreateException;
import dev.modelbake.model.Descriptor;
import dev.modelbake.model.Digest;
import dev.modelbake.model.FileMode;
import dev.modelbake.model.Owner;
import dev.modelbake.model.PlannedDirectory;
import dev.modelbake.model.PlannedFile;
import dev.modelbake.model.Printable;
import dev.modelbake.model.Target;
import dev.modelbake.model.TemporaryException;
import dev.modelbake.model.Unpacking;
import dev.modelbake.model.Unpacking.TreePin;
import dev.modelbake.store.Syncing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Leaves files that are right where they are, and mends their owner and mode. */
record Keeping(
    Staging staging,
    ReceiptDraft receipt,
    SecondNames secondNames,
    BakeListener listener,
    Undo undo) {
  private static final int MOST = 200;

  /**
   * Keeps a planned file whose bytes were found right.
   *
   * @throws TemporaryException if it has changed since
   */
  void keep(PlannedFile file) throws IOException {
    Target.Resolved target = Staging.target(file);
    for (Placement placement : placements(file, target)) {
      keep(file, placement.cache().isPresent() ? blob(file, placement) : placement);
    }
    if (file.unpacking() instanceof Unpacking.Tree tree
        && tree.pin() instanceof TreePin.Whole
        && tree.links() == Unpacking.Links.INTERNAL) {
      keepLinks(file, target);
    }
  }

  /**
   * Gives a directory that stands there its owner and mode. It comes last: its mode may forbid this
   * user to put anything in it.
   */
  void keep(PlannedDirectory directory) throws IOException {
    Target.Resolved target = Staging.target(directory);
    mend(staging.locate(directory), target.owner(), target.dirMode());
    receipt.directory(target.path(), directory.name(), target.owner(), target.dirMode());
  }

  private void keep(PlannedFile file, Placement placement) throws IOException {
    Path path = staging.paths().locate(placement.path());
    Descriptor pin = placement.pin().orElseThrow();
    long size = Stat.of(path).filter(this::isFile).map(Stat::size).orElse(-1L);
    if (size < 0 || size != pin.size().orElse(size)) {
      throw changed(file);
    }
    mend(path, placement.owner(), placement.mode());
    receipt.file(placement, pin.digest(), size);
  }

  /** Keeps a pointer; what is left to keep is its blob. */
  private Placement blob(PlannedFile file, Placement placement) throws IOException {
    Pointer pointer =
        staging
            .pointer(placement.path(), placement.cache().orElseThrow())
            .orElseThrow(() -> changed(file));
    mendLink(staging.paths().locate(pointer.path()), placement.owner());
    receipt.link(pointer.path(), file.name(), pointer.text(), placement.owner());
    return placement.at(pointer);
  }

  /**
   * The pin of a tree says nothing of its links: those that stay inside it are kept. A list of
   * members has no links.
   */
  private void keepLinks(PlannedFile file, Target.Resolved target) throws IOException {
    Path directory = staging.locate(file);
    for (Map.Entry<String, Path> link : Listing.of(directory).links().entrySet()) {
      String text = Files.readSymbolicLink(link.getValue()).toString();
      if (!text.startsWith("/")
          && link.getValue().resolveSibling(text).normalize().startsWith(directory)) {
        mendLink(link.getValue(), target.owner());
        receipt.link(
            Placement.inside(target.path(), link.getKey()), file.name(), text, target.owner());
      }
    }
  }

  /** Whether a link with this text stands at a path. */
  boolean hasLink(Path path, String text) throws IOException {
    Optional<Stat> stat = Stat.of(path);
    if (stat.isPresent() && stat.get().type() != Stat.Type.LINK) {
      throw new CannotCreateException(
          Failures.show(path),
          "it is %s where a symbolic link to %s belongs, and it is not replaced"
              .formatted(stat.get().type().label(), Printable.of(text, MOST)),
          "remove it",
          null);
    }
    return stat.isPresent() && Files.readSymbolicLink(path).toString().equals(text);
  }

  /** Gives a link its owner where it is another. */
  void mendLink(Path link, Owner owner) throws IOException {
    Owner was = Stat.of(link).orElseThrow().owner();
    if (was.equals(owner)) {
      return;
    }
    if (staging.paths().shelter(parent(link)).isPresent()) {
      remake(link, owner, was);
    } else {
      undo.add(() -> Finishing.own(link, was));
      Finishing.own(link, owner);
    }
    listener.on(
        new BakeEvent.Notice(
            "mended %s: it was %s, now %s".formatted(Failures.show(link), was, owner)));
  }

  /** Puts a new link in the place of one that another user could swap meanwhile. */
  private void remake(Path link, Owner owner, Owner was) throws IOException {
    Path text = Files.readSymbolicLink(link);
    StagingDirectory directory = staging.directoryAt(parent(link));
    Path old = Files.createSymbolicLink(directory.fresh(), text);
    Finishing.own(old, was);
    Path fresh = Files.createSymbolicLink(directory.fresh(), text);
    Finishing.own(fresh, owner);
    undo.add(() -> staging.place(old, link));
    staging.place(fresh, link);
  }

  private static Path parent(Path path) {
    return Optional.ofNullable(path.getParent()).orElseThrow();
  }

  /** Whether the file at a path has these bytes. */
  boolean has(Path path, Descriptor descriptor) throws IOException {
    Optional<Stat> stat = Stat.of(path);
    if (stat.isPresent() && !isFile(stat.get())) {
      throw new CannotCreateException(
          Failures.show(path),
          "it is " + stat.get().type().label() + ", which is not replaced",
          "remove it, or choose another path",
          null);
    }
    return stat.isPresent()
        && stat.get().size() == descriptor.size().orElseThrow()
        && FileDigests.of(path, List.of()).sha256().equals(descriptor.digest());
  }

  /** Gives a file or directory its owner and mode where they are others. */
  void mend(Path path, Owner owner, FileMode mode) throws IOException {
    Stat was = Stat.of(path).orElseThrow();
    if (was.owner().equals(owner) && was.permissions() == mode.bits()) {
      return;
    }
    Optional<Seat> seat = staging.seat(path);
    if (seat.isPresent()) {
      try (Seat held = seat.get()) {
        mend(held, path, owner, mode);
      }
    } else if (isFile(was) && secondNames.disagree(path)) {
      separate(path, owner, mode);
    } else {
      undo.add(
          () -> {
            Finishing.own(path, was.owner());
            Finishing.chmod(path, was.permissions());
          });
      Finishing.own(path, owner);
      Finishing.chmod(path, mode.bits());
    }
    listener.on(
        new BakeEvent.Notice(
            "mended %s: it was %s %04o, now %s %s"
                .formatted(Failures.show(path), was.owner(), was.permissions(), owner, mode)));
  }

  /** The same where another user could put something else in its place. */
  private void mend(Seat held, Path path, Owner owner, FileMode mode) throws IOException {
    Stat was = Stat.of(path).orElseThrow(() -> new NoSuchFileException(path.toString()));
    if ((isFile(was) && secondNames.disagree(path)) || mode.bits() > 0777) {
      throw new CannotCreateException(
          Failures.show(path),
          "its owner or mode is wrong, and another user may change its directory meanwhile",
          "remove it and bake it anew, or set its owner and mode as that user",
          null);
    }
    held.dress(path, owner, mode);
    undo.add(
        () -> {
          try (Seat again = staging.seat(path).orElseThrow()) {
            again.dress(path, was.owner(), new FileMode(was.permissions() & 0777));
          }
        });
  }

  /** Gives a path a file of its own, since its other names keep owner and mode. */
  private void separate(Path path, Owner owner, FileMode mode) throws IOException {
    StagingDirectory directory =
        staging.directoryAt(Optional.ofNullable(path.getParent()).orElseThrow());
    Path copy = directory.fresh();
    Files.copy(path, copy, StandardCopyOption.COPY_ATTRIBUTES, LinkOption.NOFOLLOW_LINKS);
    Syncing.one(copy);
    Finishing.own(copy, owner);
    Finishing.chmod(copy, mode.bits());
    Path old = Files.createLink(directory.fresh(), path);
    undo.add(() -> Files.move(old, path, StandardCopyOption.ATOMIC_MOVE));
    Files.move(copy, path, StandardCopyOption.ATOMIC_MOVE);
  }

  private List<Placement> placements(PlannedFile file, Target.Resolved target) throws IOException {
    if (file.unpacking() instanceof Unpacking.Tree tree
        && tree.pin() instanceof TreePin.Whole whole) {
      return tree(file, target, whole);
    }
    return Placement.of(file, target);
  }

  /** The members of a tree that is pinned as a whole are known only from the disk. */
  private List<Placement> tree(PlannedFile file, Target.Resolved target, TreePin.Whole whole)
      throws IOException {
    Map<String, Digest> digests = new TreeMap<>();
    List<Placement> placements = new ArrayList<>();
    for (Map.Entry<String, Path> member : Listing.of(staging.locate(file)).files().entrySet()) {
      Digest digest = FileDigests.of(member.getValue(), List.of()).sha256();
      digests.put(member.getKey(), digest);
      placements.add(
          new Placement(
              file.name(),
              Placement.inside(target.path(), member.getKey()),
              Optional.of(Descriptor.of(digest, size(member.getValue()))),
              target.owner(),
              target.mode()));
    }
    if (!TreeDigest.of(digests).equals(whole.digest())) {
      throw changed(file);
    }
    return placements;
  }

  private static long size(Path path) throws IOException {
    return Stat.of(path).orElseThrow().size();
  }

  private boolean isFile(Stat stat) {
    return stat.type() == Stat.Type.FILE;
  }

  private static TemporaryException changed(PlannedFile file) {
    return new TemporaryException(
        "keeping " + file.name(),
        "it was right when the run began and has changed since",
        "run again, and find out who else writes there",
        null);
  }
}
