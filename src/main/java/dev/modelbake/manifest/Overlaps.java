package dev.modelbake.manifest;

import dev.modelbake.model.Descriptor;
import dev.modelbake.model.Digest;
import dev.modelbake.model.ModelFile;
import dev.modelbake.model.Unpacking;
import dev.modelbake.model.Unpacking.Member;
import dev.modelbake.model.Unpacking.TreePin;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Finds files of one model that would stand in each other's way. */
final class Overlaps {
  private final Problems problems;

  /** By identity: an alias repeats an entry with the same place. */
  private final Set<ModelFile> repeated = Collections.newSetFromMap(new IdentityHashMap<>());

  /** A path that a file takes, with a key that sorts a directory right before what is in it. */
  private record Claim(String path, String key, Kind kind, ModelFile file, Optional<Digest> bytes) {
    Claim(String path, Kind kind, ModelFile file, Optional<Digest> bytes) {
      // U+0000 sorts before every character that a path may hold.
      this(path, path.isEmpty() ? "" : path.replace('/', '\0') + "\0", kind, file, bytes);
    }

    boolean contains(Claim other) {
      return other.key.startsWith(key);
    }
  }

  /** What a file takes; at one path they are compared in this order. */
  private enum Kind {
    /** A directory which nobody else may write to. */
    TREE,
    /** One file. */
    FILE,
    /** One file out of an archive. */
    MEMBER,
    /** A directory whose files are not known yet. */
    OPEN
  }

  private Overlaps(Problems problems) {
    this.problems = problems;
  }

  /** The files without repetitions; whatever collides is told. */
  static List<ModelFile> without(List<ModelFile> files, Problems problems) {
    return new Overlaps(problems).check(files);
  }

  private List<ModelFile> check(List<ModelFile> files) {
    List<Claim> claims = new ArrayList<>();
    files.forEach(file -> claim(file, claims));
    claims.sort(Comparator.comparing(Claim::key).thenComparing(Claim::kind));
    Deque<Claim> around = new ArrayDeque<>();
    for (Claim claim : claims) {
      while (!around.isEmpty() && !around.peek().contains(claim)) {
        around.pop();
      }
      if (!around.isEmpty()) {
        meet(around.peek(), claim);
      }
      if (claim.kind() != Kind.OPEN) {
        around.push(claim);
      }
    }
    return files.stream().filter(file -> !repeated.contains(file)).toList();
  }

  private static void claim(ModelFile file, List<Claim> claims) {
    Unpacking how = file.unpacking();
    if (how instanceof Unpacking.Tree tree && tree.pin() instanceof TreePin.Members members) {
      for (Member member : members.members()) {
        String path = file.path().isEmpty() ? member.path() : file.path() + "/" + member.path();
        claims.add(new Claim(path, Kind.MEMBER, file, Optional.of(member.descriptor().digest())));
      }
    } else if (how instanceof Unpacking.Tree tree) {
      Kind kind = tree.pin() instanceof TreePin.Whole ? Kind.TREE : Kind.OPEN;
      claims.add(new Claim(file.path(), kind, file, Optional.empty()));
    } else {
      Optional<Descriptor> bytes =
          how instanceof Unpacking.Stream stream ? stream.output() : file.pin();
      claims.add(new Claim(file.path(), Kind.FILE, file, bytes.map(Descriptor::digest)));
    }
  }

  private void meet(Claim first, Claim second) {
    String path = Problems.quoted(second.path());
    int line = first.file().at().line();
    if (first.kind() == Kind.TREE) {
      problems.error(
          second.file().at(),
          "tree-not-alone",
          "%s lies in the directory of the tree on line %d, which is pinned as a whole"
              .formatted(path, line),
          "give the tree a directory of its own with path:");
    } else if (!first.key().equals(second.key())) {
      problems.error(
          second.file().at(),
          "path-conflict",
          "%s would lie in %s, which is a file (line %d)"
              .formatted(path, Problems.quoted(first.path()), line),
          "choose another path for one of them");
    } else if (isRepetition(first, second)) {
      repeated.add(second.file());
      problems.warning(
          second.file().at(),
          "duplicate-file",
          "%s is listed twice with the same bytes, first on line %d".formatted(path, line),
          "remove one entry; further URLs belong into mirrors");
    } else {
      problems.error(
          second.file().at(),
          "same-path",
          "%s is also the path of the file on line %d".formatted(path, line),
          "choose another path for one of them");
    }
  }

  private static boolean isRepetition(Claim first, Claim second) {
    return first.kind() == Kind.FILE
        && second.kind() == Kind.FILE
        && first.bytes().isPresent()
        && first.bytes().equals(second.bytes())
        && first.file().mode().equals(second.file().mode());
  }
}
