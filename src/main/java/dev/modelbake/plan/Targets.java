package dev.modelbake.plan;

import dev.modelbake.model.Descriptor;
import dev.modelbake.model.Digest;
import dev.modelbake.model.PlannedFile;
import dev.modelbake.model.Problem;
import dev.modelbake.model.Target;
import dev.modelbake.model.Unpacking;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Finds files that would stand at one place, or one inside the other. */
final class Targets {
  private final Map<Path, Claim> claims = new LinkedHashMap<>();
  private final Map<Path, PlannedFile> ownDirectories = new HashMap<>();
  private final Map<Blob, PlannedFile> blobs = new HashMap<>();
  private final List<Problem> problems = new ArrayList<>();

  /** The bytes of files in one repository of a cache. */
  private record Blob(Target.Cache cache, Digest digest) {}

  /** A file and the bytes it puts at one path. */
  private record Claim(PlannedFile file, Optional<Digest> digest) {}

  /** Takes a file; false when an equal file stands at its place already and this one is dropped. */
  boolean claim(PlannedFile file) {
    if (!(file.target() instanceof Target.Resolved target)) {
      return true;
    }
    if (file.unpacking() instanceof Unpacking.Tree tree) {
      claimTree(file, target.path(), tree);
      return true;
    }
    target.cache().ifPresent(cache -> claimBlob(file, target, cache));
    return claim(target.path(), new Claim(file, finalDigest(file)));
  }

  /** Files of a cache with the same bytes are links to one blob, which has one owner and mode. */
  private void claimBlob(PlannedFile file, Target.Resolved target, Target.Cache cache) {
    if (file.pin().isEmpty()) {
      return;
    }
    Blob blob = new Blob(cache, file.pin().get().digest());
    PlannedFile earlier = blobs.putIfAbsent(blob, file);
    if (earlier != null
        && earlier.target() instanceof Target.Resolved other
        && !(other.owner().equals(target.owner()) && other.mode().equals(target.mode()))) {
      problems.add(
          Problem.error(
              file.at(),
              "same-target",
              "%s and %s (%s) are one blob in the cache, but not of the same owner and mode"
                  .formatted(file.name(), earlier.name(), earlier.at()),
              "give both the same owner and mode"));
    }
  }

  private void claimTree(PlannedFile file, Path directory, Unpacking.Tree tree) {
    if (tree.pin() instanceof Unpacking.TreePin.Members members) {
      for (Unpacking.Member member : members.members()) {
        claim(
            directory.resolve(member.path()),
            new Claim(file, Optional.of(member.descriptor().digest())));
      }
    } else if (tree.pin() instanceof Unpacking.TreePin.Whole) {
      ownDirectories.put(directory, file);
    }
  }

  private static Optional<Digest> finalDigest(PlannedFile file) {
    if (file.unpacking() instanceof Unpacking.Stream stream) {
      return stream.output().map(Descriptor::digest);
    }
    return file.pin().map(Descriptor::digest);
  }

  private boolean claim(Path path, Claim claim) {
    Claim earlier = claims.putIfAbsent(path, claim);
    if (earlier == null) {
      return true;
    }
    if (earlier.digest().isPresent() && earlier.digest().equals(claim.digest())) {
      return earlier.file().name().equals(claim.file().name());
    }
    problems.add(
        Problem.error(
            claim.file().at(),
            "same-target",
            "%s and %s (%s) both go to %s with different bytes"
                .formatted(claim.file().name(), earlier.file().name(), earlier.file().at(), path),
            "give one of them another path or dir"));
    return true;
  }

  /** The problems of all files taken. */
  List<Problem> problems() {
    Set<Path> free = new HashSet<>();
    claims.forEach(
        (path, claim) -> {
          Path parent = path.getParent();
          if (!free.contains(parent) && isFree(parent, claim)) {
            free.add(parent);
          }
        });
    return problems;
  }

  /** Whether no file and no tree stands at a directory or above it; what does is told. */
  private boolean isFree(@Nullable Path directory, Claim claim) {
    boolean free = true;
    for (Path above = directory; above != null; above = above.getParent()) {
      Claim file = claims.get(above);
      if (file != null) {
        free = false;
        nested(claim.file(), file.file(), above, "is a file");
      }
      PlannedFile tree = ownDirectories.get(above);
      if (tree != null) {
        free = false;
        if (!tree.name().equals(claim.file().name())) {
          nested(claim.file(), tree, above, "has its tree pinned as a whole");
        }
      }
    }
    return free;
  }

  private void nested(PlannedFile inner, PlannedFile outer, Path directory, String why) {
    problems.add(
        Problem.error(
            inner.at(),
            "nested-target",
            "%s goes into %s, where %s (%s) %s"
                .formatted(inner.name(), directory, outer.name(), outer.at(), why),
            "give one of them another path or dir"));
  }
}
