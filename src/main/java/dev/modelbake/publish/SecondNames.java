package dev.modelbake.publish;

import dev.modelbake.model.FileMode;
import dev.modelbake.model.Owner;
import dev.modelbake.model.Plan;
import dev.modelbake.model.PlannedFile;
import dev.modelbake.model.Target;
import dev.modelbake.model.Unpacking;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Kept files that are one on disk: an earlier run made them names of one file, and now they may be
 * wanted with different owners or modes. Names that this plan does not keep are wanted as they are.
 */
final class SecondNames {
  private final Map<Map<String, Object>, Set<Wish>> wishes = new HashMap<>();
  private final Map<Map<String, Object>, Integer> counts = new HashMap<>();

  private record Wish(Owner owner, FileMode mode) {}

  /** What a surveyed plan keeps. */
  static SecondNames of(Plan plan, Staging staging) throws IOException {
    SecondNames names = new SecondNames();
    for (PlannedFile file : plan.files()) {
      Target.Resolved target = Staging.target(file);
      boolean single = !(file.unpacking() instanceof Unpacking.Tree) && target.cache().isEmpty();
      Path path = staging.locate(file);
      if (file.isRight() && single && Stat.of(path).isPresent()) {
        names
            .wishes
            .computeIfAbsent(inode(path), key -> new HashSet<>())
            .add(new Wish(target.owner(), target.mode()));
        names.counts.merge(inode(path), 1, Integer::sum);
      }
    }
    return names;
  }

  /** Whether a file has another name that is wanted otherwise. */
  boolean disagree(Path path) throws IOException {
    Map<String, Object> inode = inode(path);
    int all = (Integer) Files.getAttribute(path, "unix:nlink", LinkOption.NOFOLLOW_LINKS);
    return wishes.getOrDefault(inode, Set.of()).size() > 1
        || all > Math.max(1, counts.getOrDefault(inode, 0));
  }

  private static Map<String, Object> inode(Path path) throws IOException {
    return Files.readAttributes(path, "unix:dev,ino", LinkOption.NOFOLLOW_LINKS);
  }
}
