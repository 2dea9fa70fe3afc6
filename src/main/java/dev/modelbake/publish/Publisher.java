package dev.modelbake.publish;

import dev.modelbake.model.BakeEvent;
import dev.modelbake.model.BakeListener;
import dev.modelbake.model.CannotCreateException;
import dev.modelbake.model.Descriptor;
import dev.modelbake.model.Origin;
import dev.modelbake.model.Owner;
import dev.modelbake.model.Plan;
import dev.modelbake.model.PlannedDirectory;
import dev.modelbake.model.PlannedFile;
import dev.modelbake.model.Printable;
import dev.modelbake.model.Receipt;
import dev.modelbake.model.Target;
import dev.modelbake.model.Unpacking;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Puts everything that is staged at its final place, or nothing. */
public final class Publisher {
  private final Staging staging;
  private final BakeListener listener;
  private final Finishing finishing;

  /** A publisher that works with one run's staging and gives everything the same times. */
  public Publisher(Times times, Staging staging, BakeListener listener) {
    this.staging = staging;
    this.listener = listener;
    this.finishing = new Finishing(times);
  }

  /**
   * Finds out, before anything is fetched, what would keep the plan from being published.
   *
   * @param plan surveyed
   * @throws dev.modelbake.model.BakeException the gravest reason: a type conflict, a directory that
   *     cannot be written, an owner that cannot be given, a disk too small
   */
  public void preflight(Plan plan) {
    new Preflight(staging).check(plan);
  }

  /**
   * Publishes a surveyed plan.
   *
   * @param staged every file of the plan but those found right, whose owner and mode are mended
   * @return what is true now, of the kept files too
   * @throws dev.modelbake.model.BakeException after everything was put back as it was
   */
  public Receipt publish(Plan plan, List<Staged> staged) {
    Undo undo = new Undo();
    try {
      Receipt receipt = publish(plan, byName(plan, staged), undo);
      plan.files().stream()
          .filter(file -> file.state() != PlannedFile.State.PRESENT)
          .forEach(file -> listener.on(new BakeEvent.Published(file.name())));
      return receipt;
    } catch (IOException e) {
      undo.run(e);
      throw Failures.of(e, "placing");
    } catch (RuntimeException e) {
      undo.run(e);
      throw e;
    }
  }

  private Receipt publish(Plan plan, Map<String, Staged> staged, Undo undo) throws IOException {
    ReceiptDraft receipt = new ReceiptDraft();
    Assembly assembly = new Assembly(staging, finishing);
    SecondNames secondNames = SecondNames.of(plan, staging);
    Keeping keeping = new Keeping(staging, receipt, secondNames, listener, undo);
    for (PlannedDirectory directory : plan.directories()) {
      assembly.directory(directory, staging.locate(directory));
    }
    assemble(plan, staged, assembly, keeping);
    List<Part> parts = assembly.finish();
    Placing placing = new Placing(staging, assembly, listener, undo);
    placing.place(parts);
    check(assembly, placing, receipt);
    for (PlannedDirectory directory : plan.directories()) {
      keeping.keep(directory);
    }
    placing.sync();
    tellClosedPaths(plan);
    return receipt.receipt();
  }

  /** Files first, then links to them, then what says where to look: who finds one finds all. */
  private void assemble(Plan plan, Map<String, Staged> staged, Assembly assembly, Keeping keeping)
      throws IOException {
    List<PlannedFile> references =
        plan.files().stream().filter(file -> file.origin() instanceof Origin.Literal).toList();
    List<PlannedFile> files = new ArrayList<>(plan.files());
    files.removeAll(references);
    for (PlannedFile file : files) {
      assembleFiles(file, staged, assembly, keeping);
    }
    for (PlannedFile file : files) {
      Staged ready = staged.get(file.name());
      if (ready != null) {
        assembleLinks(ready, assembly, keeping);
      }
    }
    for (PlannedFile file : references) {
      assembleFiles(file, staged, assembly, keeping);
    }
  }

  private void assembleFiles(
      PlannedFile file, Map<String, Staged> staged, Assembly assembly, Keeping keeping)
      throws IOException {
    Staged ready = staged.get(file.name());
    if (ready == null) {
      keeping.keep(file);
    } else {
      assemble(ready, assembly, keeping);
    }
  }

  private void assembleLinks(Staged staged, Assembly assembly, Keeping keeping) throws IOException {
    Target.Resolved target = Staging.target(staged.file());
    for (Staged.Link link : staged.links()) {
      Path path = Placement.inside(target.base(), link.path());
      Path located = staging.paths().locate(path);
      if (keeping.hasLink(located, link.target())) {
        keeping.mendLink(located, target.owner());
      } else {
        assembly.link(staged.file(), located, link.target());
      }
      keeping.receipt().link(path, staged.file().name(), link.target(), target.owner());
    }
  }

  private void assemble(Staged staged, Assembly assembly, Keeping keeping) throws IOException {
    PlannedFile file = staged.file();
    Target.Resolved target = Staging.target(file);
    if (file.unpacking() instanceof Unpacking.Tree tree) {
      assembly.directory(file, directoryAt(target, ""));
      if (tree.pin() instanceof Unpacking.TreePin.Whole) {
        refuseStrangers(staged, directoryAt(target, ""));
      }
    }
    for (String directory : staged.directories()) {
      assembly.directory(file, directoryAt(target, directory));
    }
    for (Staged.Item item : staged.items()) {
      assemble(file, item, assembly, keeping);
    }
  }

  private void assemble(PlannedFile file, Staged.Item item, Assembly assembly, Keeping keeping)
      throws IOException {
    Target.Resolved target = Staging.target(file);
    Descriptor bytes = item.blob().descriptor();
    Placement placement =
        new Placement(
            file.name(),
            Placement.inside(target.base(), item.path()),
            Optional.of(bytes),
            target.owner(),
            target.mode());
    Path path = staging.paths().locate(placement.path());
    if (keeping.has(path, bytes)) {
      keeping.mend(path, target.owner(), target.mode());
    } else {
      assembly.file(file, path, item.blob());
    }
    keeping.receipt().file(placement, bytes.digest(), item.blob().size());
  }

  /** One file more, and the tree is not the pinned one; deleting it is not ours to decide. */
  private static void refuseStrangers(Staged staged, Path directory) throws IOException {
    Set<String> strangers = new TreeSet<>(Listing.of(directory).files().keySet());
    staged.items().forEach(item -> strangers.remove(item.path()));
    if (!strangers.isEmpty()) {
      throw new CannotCreateException(
          Failures.show(directory),
          "it holds files that are not of this archive, such as "
              + Printable.of(strangers.iterator().next(), 200),
          "remove them: a tree with one digest has a directory of its own",
          null);
    }
  }

  private Path directoryAt(Target.Resolved target, String relative) {
    return staging.paths().locateDirectory(Placement.inside(target.path(), relative));
  }

  /** Looks at everything once more: default ACLs, setgid parents and odd mounts have their ways. */
  private void check(Assembly assembly, Placing placing, ReceiptDraft receipt) throws IOException {
    for (Assembly.Made made : assembly.made()) {
      if (placing.isShared(made.target())) {
        continue;
      }
      // Where others could swap it, it was finished before it was placed.
      if (staging.paths().shelter(parent(made.target())).isEmpty()) {
        finishing.setTimes(made.target());
        Finishing.chmod(made.target(), made.mode().bits());
      }
      check(made.target(), made.owner(), made.mode().bits());
    }
    for (Receipt.Entry entry : receipt.entries()) {
      check(staging.paths().locate(Path.of(entry.path())), entry.owner(), entry.mode().bits());
    }
    for (Receipt.Link link : receipt.links()) {
      Path located = staging.paths().locate(Path.of(link.path()));
      check(located, link.owner(), Stat.of(located).orElseThrow().permissions());
    }
  }

  private static Path parent(Path path) {
    return Optional.ofNullable(path.getParent()).orElseThrow();
  }

  private static void check(Path path, Owner owner, int mode) throws IOException {
    Stat stat = Stat.of(path).orElseThrow(() -> new NoSuchFileException(path.toString()));
    if (!stat.owner().equals(owner) || stat.permissions() != mode) {
      throw new CannotCreateException(
          Failures.show(path),
          "owner and mode were set to %s %04o, but are %s %04o"
              .formatted(owner, mode, stat.owner(), stat.permissions()),
          "look at the mount's options and at default ACLs (getfacl) of its directory",
          null);
    }
  }

  private void tellClosedPaths(Plan plan) throws IOException {
    Access access = new Access(staging.paths());
    Map<String, Owner> closed = new LinkedHashMap<>();
    for (PlannedFile file : plan.files()) {
      Target.Resolved target = Staging.target(file);
      for (Path path : read(file)) {
        access.closed(path, target.owner()).ifPresent(where -> closed.put(where, target.owner()));
      }
    }
    closed.forEach(
        (where, owner) ->
            listener.on(
                new BakeEvent.Notice("user %s cannot get at files: %s".formatted(owner, where))));
  }

  /** What is opened to read a file: for one in a cache, the link and the blob. */
  private List<Path> read(PlannedFile file) throws IOException {
    Target.Resolved target = Staging.target(file);
    if (target.cache().isEmpty()) {
      return List.of(staging.locate(file));
    }
    Pointer pointer = staging.pointer(target.path(), target.cache().get()).orElseThrow();
    return List.of(staging.paths().locate(pointer.path()), staging.paths().locate(pointer.blob()));
  }

  private static Map<String, Staged> byName(Plan plan, List<Staged> staged) {
    Map<String, Staged> byName = new LinkedHashMap<>();
    staged.forEach(one -> byName.put(one.file().name(), one));
    for (PlannedFile file : plan.files()) {
      if (!file.isRight() && !byName.containsKey(file.name())) {
        throw new IllegalArgumentException(file.name() + " is neither staged nor at its place");
      }
    }
    return byName;
  }
}
