package dev.modelbake.verify;

import dev.modelbake.model.CannotCreateException;
import dev.modelbake.model.Descriptor;
import dev.modelbake.model.Origin;
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
    for (PlannedFile file : files) {
      if (file.target() instanceof Target.Resolved target) {
        try {
          add(sums, file);
        } catch (CannotCreateException e) {
          // Its state says so already.
        } catch (IOException e) {
          throw Examiner.failure(e, target.path());
        }
      }
    }
    List<Plan.DiskNeed> needs = new ArrayList<>();
    sums.values().forEach(sum -> needs.add(need(sum)));
    return needs;
  }

  private void add(Map<Long, Sum> sums, PlannedFile file) throws IOException {
    boolean right =
        file.state() == PlannedFile.State.PRESENT
            || file.state() == PlannedFile.State.WRONG_OWNER_OR_MODE;
    long download = right ? 0 : size(file.pin()) + parts(file.origin());
    add(sums, staging.locate(file), right ? 0 : download + unpacked(file.unpacking()));
    if (store.isPresent()) {
      add(sums, store.get().toAbsolutePath(), download);
    }
  }

  /** Parts are kept beside the whole until it is proven. */
  private static long parts(Origin origin) {
    return origin instanceof Origin.Parts parts
        ? parts.parts().stream().mapToLong(part -> size(part.pin())).sum()
        : 0;
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
