package dev.modelbake.publish;

import dev.modelbake.model.CannotCreateException;
import dev.modelbake.model.Descriptor;
import dev.modelbake.model.Origin;
import dev.modelbake.model.Plan;
import dev.modelbake.model.PlannedDirectory;
import dev.modelbake.model.PlannedFile;
import dev.modelbake.model.Target;
import dev.modelbake.model.Unpacking;
import dev.modelbake.model.Unpacking.TreePin;
import dev.modelbake.store.BlobStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Private directories on the targets' own mounts for one run, made when they are first needed. Safe
 * for use by several threads.
 *
 * <p>A run that does not say {@link #discard()} leaves its partials and blobs to the next one,
 * except on a file system that is full.
 */
public final class Staging implements AutoCloseable {
  /** With fewer bytes free than this, what was staged is in the way. */
  private static final long FULL = 16 << 20;

  private enum Ending {
    KEEP,
    DISCARD
  }

  /** A directory and the store in it. */
  private record Place(StagingDirectory directory, BlobStore store) {}

  private final Plan plan;
  private final RootedPaths paths;
  private final Leftovers leftovers;
  private final DirectoryTimes times = new DirectoryTimes();
  private final Map<Path, Place> places = new LinkedHashMap<>();
  private final List<Path> kept = new ArrayList<>();
  private Ending ending = Ending.KEEP;

  private Staging(Plan plan, RootedPaths paths, Leftovers leftovers) {
    this.plan = plan;
    this.paths = paths;
    this.leftovers = leftovers;
  }

  /**
   * Staging for a plan; nothing is written yet.
   *
   * @throws CannotCreateException if the plan's root is not a directory
   */
  public static Staging open(Plan plan) {
    RootedPaths paths = RootedPaths.below(plan.root());
    return new Staging(plan, paths, new Leftovers(paths.self(), wanted(plan)));
  }

  /**
   * The store on the file's own mount, with what earlier runs left for it.
   *
   * @throws dev.modelbake.model.BakeException if no directory can be made there
   */
  public BlobStore storeFor(PlannedFile file) {
    return Failures.telling(
        "making a staging directory",
        target(file).path(),
        () -> at(RootedPaths.deepestExisting(locate(file))).store());
  }

  /** Bytes that earlier runs left at or above existing directories for this plan's files. */
  public long leftAt(Collection<Path> ancestors) {
    return leftovers.bytes(ancestors);
  }

  /** Closing will leave partials and blobs to the next run, unless the file system is full. */
  public synchronized void keep() {
    ending = Ending.KEEP;
  }

  /** Closing will leave nothing, and remove what earlier runs left for the same targets. */
  public synchronized void discard() {
    ending = Ending.DISCARD;
  }

  /** Where something was left; known after closing. */
  public synchronized List<Path> kept() {
    return List.copyOf(kept);
  }

  /** Removes or leaves what was staged, and gives other owners' directories their times back. */
  @Override
  public synchronized void close() {
    List<IOException> errors = new ArrayList<>();
    places.values().forEach(place -> end(place.directory(), errors));
    if (ending == Ending.DISCARD) {
      sweep(errors);
    }
    places.clear();
    times.restore();
    if (!errors.isEmpty()) {
      throw Failures.of(errors.get(0), "cleaning up in", plan.root());
    }
  }

  /** Paths below the plan's root. */
  public RootedPaths paths() {
    return paths;
  }

  /** Notes a directory of others, before something is done in it, so that it keeps its times. */
  void touching(Path directory) throws IOException {
    times.remember(directory, paths.shelter(directory));
  }

  /**
   * Where a planned file's target, or the repository of its cache, stands or will stand.
   *
   * @throws CannotCreateException if a component of its path is not a directory
   */
  public Path locate(PlannedFile file) {
    Target.Resolved target = target(file);
    boolean directory = file.unpacking() instanceof Unpacking.Tree || target.cache().isPresent();
    return directory ? paths.locateDirectory(target.base()) : paths.locate(target.base());
  }

  /** Where a directory stands or will stand. */
  Path locate(PlannedDirectory directory) {
    return paths.locateDirectory(target(directory).path());
  }

  /**
   * What the pointer of a cached file names now; empty when it is no link to a blob of its
   * repository.
   */
  Optional<Pointer> pointer(Path path, Target.Cache cache) throws IOException {
    Path located = paths.locate(path);
    boolean link = Stat.of(located).filter(stat -> stat.type() == Stat.Type.LINK).isPresent();
    return link
        ? Pointer.read(Files.readSymbolicLink(located).toString(), path, cache)
        : Optional.empty();
  }

  /** This run's directory in an existing one. */
  synchronized StagingDirectory directoryAt(Path ancestor) throws IOException {
    return at(ancestor).directory();
  }

  /** The store in this run's directory in an existing one. */
  synchronized BlobStore storeAt(Path ancestor) throws IOException {
    return at(ancestor).store();
  }

  /** Where it is staged for a directory: never where another user could swap it under root. */
  private Path shelter(Path ancestor) throws IOException {
    Optional<Path> shelter = paths.shelter(ancestor);
    boolean near =
        shelter.isPresent()
            && Stat.of(shelter.get()).map(Stat::device).equals(Stat.of(ancestor).map(Stat::device));
    return near ? shelter.get() : ancestor;
  }

  /** The directory of a path, held open where another user could swap it under root. */
  Optional<Seat> seat(Path path) throws IOException {
    Path directory = Optional.ofNullable(path.getParent()).orElseThrow();
    Optional<Path> shelter = paths.shelter(directory);
    return shelter.isPresent() ? Optional.of(Seat.at(shelter.get(), directory)) : Optional.empty();
  }

  /** Renames something of this run to its final place. */
  void place(Path staged, Path target) throws IOException {
    Optional<Seat> seat = seat(target);
    if (seat.isEmpty()) {
      Files.move(staged, target, StandardCopyOption.ATOMIC_MOVE);
      return;
    }
    try (Seat held = seat.get()) {
      held.take(staged, target);
    }
  }

  /** Takes a directory that was placed back to where it was. */
  void takeBack(Path target, Path staged) throws IOException {
    Optional<Seat> seat = seat(target);
    if (seat.isEmpty()) {
      // Its final mode may forbid its own user to move it (rename(2)).
      Finishing.chmod(target, 0700);
      Files.move(target, staged, StandardCopyOption.ATOMIC_MOVE);
      return;
    }
    try (Seat held = seat.get()) {
      held.give(target, staged);
    }
  }

  /** Removes a file or link that was placed. */
  void drop(Path target) throws IOException {
    Optional<Seat> seat = seat(target);
    if (seat.isEmpty()) {
      Files.deleteIfExists(target);
      return;
    }
    try (Seat held = seat.get()) {
      held.drop(target);
    }
  }

  private synchronized Place at(Path wanted) throws IOException {
    Path ancestor = shelter(wanted);
    if (places.containsKey(ancestor)) {
      return Objects.requireNonNull(places.get(ancestor));
    }
    times.remember(ancestor, paths.shelter(ancestor));
    StagingDirectory made = StagingDirectory.in(ancestor, paths.self());
    leftovers.adopt(ancestor, made.store());
    Place place = new Place(made, BlobStore.staging(made.store()));
    places.put(ancestor, place);
    return place;
  }

  private void end(StagingDirectory directory, List<IOException> errors) {
    try {
      if (ending == Ending.KEEP && directory.free() > FULL) {
        directory.leave().ifPresent(kept::add);
      } else {
        directory.remove();
      }
    } catch (IOException e) {
      errors.add(e);
    }
  }

  /** Also where this run had nothing to stage: a killed one may have. */
  private void sweep(List<IOException> errors) {
    Set<Path> ancestors = new LinkedHashSet<>(places.keySet());
    try {
      for (PlannedFile file : plan.files()) {
        if (file.target() instanceof Target.Resolved) {
          ancestors.add(shelter(RootedPaths.deepestExisting(locate(file))));
        }
      }
      for (PlannedDirectory directory : plan.directories()) {
        if (directory.target() instanceof Target.Resolved) {
          ancestors.add(shelter(RootedPaths.deepestExisting(locate(directory))));
        }
      }
    } catch (CannotCreateException e) {
      // A target that cannot be reached; the run has failed over it already.
    } catch (IOException e) {
      errors.add(e);
    }
    try {
      for (Path ancestor : ancestors) {
        leftovers.sweep(ancestor);
        leftovers.tidy(ancestor, times);
      }
    } catch (IOException e) {
      errors.add(e);
    }
  }

  static Target.Resolved target(PlannedFile file) {
    return resolved(file.name(), file.target());
  }

  static Target.Resolved target(PlannedDirectory directory) {
    return resolved(directory.name(), directory.target());
  }

  private static Target.Resolved resolved(String name, Target target) {
    if (target instanceof Target.Resolved resolved) {
      return resolved;
    }
    throw new IllegalArgumentException(name + " has no resolved target");
  }

  private static Set<String> wanted(Plan plan) {
    return plan.files().stream()
        .flatMap(Staging::pins)
        .map(pin -> pin.digest().hex())
        .collect(Collectors.toSet());
  }

  private static Stream<Descriptor> pins(PlannedFile file) {
    Stream<Descriptor> parts =
        file.origin() instanceof Origin.Parts of
            ? of.parts().stream().flatMap(part -> part.pin().stream())
            : Stream.empty();
    return Stream.concat(parts, Stream.concat(file.pin().stream(), pins(file.unpacking())));
  }

  private static Stream<Descriptor> pins(Unpacking unpacking) {
    if (unpacking instanceof Unpacking.Stream stream) {
      return stream.output().stream();
    }
    Optional<TreePin> pin =
        unpacking instanceof Unpacking.Tree tree ? Optional.of(tree.pin()) : Optional.empty();
    return pin.isPresent() && pin.get() instanceof TreePin.Members members
        ? members.members().stream().map(Unpacking.Member::descriptor)
        : Stream.empty();
  }
}
