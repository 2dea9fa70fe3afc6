package dev.modelbake.verify;

import dev.modelbake.model.Batch;
import dev.modelbake.model.CannotCreateException;
import dev.modelbake.model.Descriptor;
import dev.modelbake.model.FileMode;
import dev.modelbake.model.Origin;
import dev.modelbake.model.Owner;
import dev.modelbake.model.Plan;
import dev.modelbake.model.PlannedFile;
import dev.modelbake.model.Target;
import dev.modelbake.model.Unpacking;
import dev.modelbake.model.Unpacking.TreePin;
import dev.modelbake.publish.RootedPaths;
import dev.modelbake.publish.Staging;
import dev.modelbake.publish.Stat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Adds up what a run will write on each file system, as far as sizes are known.
 *
 * @param store takes every download too
 */
record DiskNeeds(Staging staging, Optional<Path> store) {
  /** Where bytes go on one file system, and how many. */
  private static final class Sum {
    final Set<Path> directories = new LinkedHashSet<>();
    long bytes;
  }

  /** The needs of surveyed files, in the order of their first appearance. */
  List<Plan.DiskNeed> of(List<PlannedFile> files) {
    Map<Long, Sum> sums = new LinkedHashMap<>();
    Map<Path, Path> known = new HashMap<>();
    for (Batch batch : Batch.of(files)) {
      add(sums, batch, known);
    }
    List<Plan.DiskNeed> needs = new ArrayList<>();
    sums.values().forEach(sum -> needs.add(need(sum)));
    return needs;
  }

  /** The first of a batch takes the download; others of the same kind there become hard links. */
  private void add(Map<Long, Sum> sums, Batch batch, Map<Path, Path> known) {
    long download = batch.download();
    Set<Copy> copies = new HashSet<>();
    for (PlannedFile file : batch.files()) {
      if (!(file.target() instanceof Target.Resolved target)) {
        continue;
      }
      try {
        Path directory = existing(file, target, known);
        long device = Stat.of(directory).orElseThrow().device();
        boolean more =
            !file.isRight() && copies.add(new Copy(device, target.owner(), target.mode()));
        add(sums, directory, more ? placed(file) + (copies.size() == 1 ? extra(batch) : 0) : 0);
        if (more && copies.size() == 1 && store.isPresent()) {
          add(sums, store.get().toAbsolutePath(), download);
        }
      } catch (CannotCreateException e) {
        // Its state says so already.
      } catch (IOException e) {
        throw Examiner.failure(e, target.path());
      }
    }
  }

  /** The deepest existing directory, found once for all files of a directory. */
  private Path existing(PlannedFile file, Target.Resolved target, Map<Path, Path> known)
      throws IOException {
    Path parent = target.path().getParent();
    if (parent == null || file.unpacking() instanceof Unpacking.Tree) {
      return RootedPaths.deepestExisting(staging.locate(file));
    }
    Path there = known.get(parent);
    if (there == null) {
      there = RootedPaths.deepestExisting(staging.locate(file));
      known.put(parent, there);
    }
    return there;
  }

  /** What files have in common that can be one on disk. */
  private record Copy(long device, Owner owner, FileMode mode) {}

  /** What staging takes beside the files: archives and parts. */
  private static long extra(Batch batch) {
    PlannedFile file = batch.files().get(0);
    boolean parts = file.origin() instanceof Origin.Parts;
    boolean plain = file.unpacking() instanceof Unpacking.None;
    if (batch.standing().isPresent() || (plain && !parts)) {
      return 0;
    }
    return batch.download() + (parts && !plain ? size(file.pin()) : 0);
  }

  private static long placed(PlannedFile file) {
    return file.unpacking() instanceof Unpacking.None
        ? size(file.pin())
        : unpacked(file.unpacking());
  }

  private static void add(Map<Long, Sum> sums, Path path, long bytes) throws IOException {
    Path directory = RootedPaths.deepestExisting(path);
    long device = Stat.of(directory).orElseThrow().device();
    Sum sum = sums.computeIfAbsent(device, key -> new Sum());
    sum.directories.add(directory);
    sum.bytes += bytes;
  }

  private Plan.DiskNeed need(Sum sum) {
    Path directory = sum.directories.iterator().next();
    try {
      long needed = Math.max(0, sum.bytes - staging.leftAt(sum.directories));
      return new Plan.DiskNeed(directory, needed, Files.getFileStore(directory).getUsableSpace());
    } catch (IOException e) {
      throw Examiner.failure(e, directory);
    }
  }

  private static long unpacked(Unpacking unpacking) {
    if (unpacking instanceof Unpacking.Stream stream) {
      return size(stream.output());
    }
    if (unpacking instanceof Unpacking.Tree tree) {
      return tree(tree.pin());
    }
    return 0;
  }

  private static long tree(TreePin pin) {
    if (pin instanceof TreePin.Members members) {
      return members.members().stream()
          .mapToLong(member -> size(Optional.of(member.descriptor())))
          .sum();
    }
    return pin instanceof TreePin.Whole whole ? whole.size().orElse(0) : 0;
  }

  private static long size(Optional<Descriptor> pin) {
    return pin.map(Descriptor::size).orElse(OptionalLong.empty()).orElse(0);
  }
}
