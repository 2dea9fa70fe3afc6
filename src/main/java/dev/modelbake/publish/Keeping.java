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
import dev.modelbake.model.PlannedFile;
import dev.modelbake.model.Receipt;
import dev.modelbake.model.Target;
import dev.modelbake.model.TemporaryException;
import dev.modelbake.model.Unpacking;
import dev.modelbake.model.Unpacking.TreePin;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Leaves files that are right where they are, and mends their owner and mode. */
record Keeping(Staging staging, BakeListener listener, Undo undo) {
  /**
   * Keeps a planned file whose bytes were found right.
   *
   * @throws TemporaryException if it has changed since
   */
  List<Receipt.Entry> keep(PlannedFile file) throws IOException {
    Target.Resolved target = Staging.target(file);
    List<Receipt.Entry> entries = new ArrayList<>();
    for (Placement placement : placements(file, target)) {
      Optional<Path> link = link(placement, target);
      Path path =
          staging
              .paths()
              .locate(
                  link.map(text -> placement.path().resolveSibling(text).normalize())
                      .orElse(placement.path()));
      Descriptor pin = placement.pin().orElseThrow();
      long size = Stat.of(path).filter(this::isFile).map(Stat::size).orElse(-1L);
      if (size < 0 || size != pin.size().orElse(size)) {
        throw changed(file);
      }
      mend(path, target.owner(), target.mode());
      Receipt.Entry entry = entry(placement, pin.digest(), size);
      entries.add(link.map(text -> entry.behind(entry.path(), text.toString())).orElse(entry));
    }
    return entries;
  }

  /** What the link at a place in a hub cache says. */
  private Optional<Path> link(Placement placement, Target.Resolved target) throws IOException {
    if (target.cache().isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(Files.readSymbolicLink(staging.paths().locate(placement.path())));
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

  /** Gives a file its owner and mode where they are others. */
  void mend(Path path, Owner owner, FileMode mode) throws IOException {
    Stat was = Stat.of(path).orElseThrow();
    if (was.owner().equals(owner) && was.permissions() == mode.bits()) {
      return;
    }
    undo.add(
        () -> {
          Finishing.own(path, was.owner());
          Finishing.chmod(path, was.permissions());
        });
    Finishing.own(path, owner);
    Finishing.chmod(path, mode.bits());
    listener.on(
        new BakeEvent.Notice(
            "mended %s: it was %s %04o, now %s %s"
                .formatted(Failures.show(path), was.owner(), was.permissions(), owner, mode)));
  }

  /** A line of the receipt. */
  static Receipt.Entry entry(Placement placement, Digest digest, long size) {
    return new Receipt.Entry(
        placement.path().toString(),
        placement.file(),
        digest,
        size,
        placement.owner(),
        placement.mode());
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
