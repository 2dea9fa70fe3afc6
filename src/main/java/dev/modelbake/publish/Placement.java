package dev.modelbake.publish;

import dev.modelbake.model.CannotCreateException;
import dev.modelbake.model.Descriptor;
import dev.modelbake.model.FileMode;
import dev.modelbake.model.Owner;
import dev.modelbake.model.PlannedDirectory;
import dev.modelbake.model.PlannedFile;
import dev.modelbake.model.Printable;
import dev.modelbake.model.Target;
import dev.modelbake.model.Unpacking;
import dev.modelbake.model.Unpacking.TreePin;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * One regular file or directory that the plan alone says must stand somewhere.
 *
 * @param file the name of the planned file it belongs to
 * @param path absolute, as the image sees it
 * @param cache when the path is a link into a hub cache, to a blob with these bytes
 * @param pin its bytes; absent when only the download is pinned
 */
public record Placement(
    String file,
    Path path,
    Optional<Target.Cache> cache,
    Optional<Descriptor> pin,
    Owner owner,
    FileMode mode) {
  private static final int MOST = 200;

  /** A file that is no link. */
  public Placement(String file, Path path, Optional<Descriptor> pin, Owner owner, FileMode mode) {
    this(file, path, Optional.empty(), pin, owner, mode);
  }

  /** The blob behind a pointer. */
  public Placement at(Pointer pointer) {
    return new Placement(file, pointer.blob(), pin, owner, mode);
  }

  /** A directory that is asked for by name. */
  public static Placement of(PlannedDirectory directory, Target.Resolved target) {
    return new Placement(
        directory.name(), target.path(), Optional.empty(), target.owner(), target.dirMode());
  }

  /** The files of a planned file; none for a tree without a list of members. */
  public static List<Placement> of(PlannedFile file, Target.Resolved target) {
    if (file.unpacking() instanceof Unpacking.Stream stream) {
      return List.of(at(file, target, target.path(), stream.output()));
    }
    if (file.unpacking() instanceof Unpacking.Tree tree) {
      return tree.pin() instanceof TreePin.Members members
          ? members.members().stream()
              .map(
                  member ->
                      at(
                          file,
                          target,
                          inside(target.path(), member.path()),
                          Optional.of(member.descriptor())))
              .toList()
          : List.of();
    }
    return List.of(
        new Placement(
            file.name(), target.path(), target.cache(), file.pin(), target.owner(), target.mode()));
  }

  /**
   * A path below a target.
   *
   * @param relative empty for the target itself
   * @throws CannotCreateException if the name cannot be written here or leaves the target
   */
  public static Path inside(Path target, String relative) {
    try {
      Path path = target.resolve(relative).normalize();
      if (path.startsWith(target)) {
        return path;
      }
      throw new CannotCreateException(
          Printable.of(relative, MOST),
          "the name leaves its directory",
          "correct the member's path",
          null);
    } catch (InvalidPathException e) {
      throw new CannotCreateException(
          Printable.of(relative, MOST),
          "this locale cannot write the name",
          "set LC_ALL=C.UTF-8",
          e);
    }
  }

  private static Placement at(
      PlannedFile file, Target.Resolved target, Path path, Optional<Descriptor> pin) {
    return new Placement(file.name(), path, pin, target.owner(), target.mode());
  }
}
