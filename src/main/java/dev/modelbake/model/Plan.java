package dev.modelbake.model;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * What a bake will do, before it does it.
 *
 * @param root the directory that stands for {@code /}; normally {@code /}
 * @param files in the order of the manifests
 * @param directories made even when nothing is in them
 * @param disks what each file system needs and has; empty until the disk was surveyed
 * @param notices worth telling, none of them fatal
 */
public record Plan(
    Path root,
    List<PlannedFile> files,
    List<PlannedDirectory> directories,
    List<DiskNeed> disks,
    List<Problem> notices) {
  public Plan {
    directories = List.copyOf(directories);
    files = List.copyOf(files);
    disks = List.copyOf(disks);
    notices = List.copyOf(notices);
  }

  /** The same plan with other notices. */
  public Plan with(List<Problem> others) {
    return new Plan(root, files, directories, disks, others);
  }

  /**
   * What a bake makes, on this machine: files, the directories of trees, the folders of a hub
   * cache, and directories that were asked for; each once, in the order of the plan. What cannot be
   * told here ({@link Target.Unresolved}) is not among them.
   */
  public List<Path> outputs() {
    return Stream.concat(
            files.stream().map(PlannedFile::target),
            directories.stream().map(PlannedDirectory::target))
        .filter(Target.Resolved.class::isInstance)
        .map(target -> below(((Target.Resolved) target).base()))
        .distinct()
        .toList();
  }

  private Path below(Path seen) {
    Path top = seen.getRoot();
    return top == null ? root.resolve(seen) : root.resolve(top.relativize(seen));
  }

  /**
   * What the outputs depend on, as one digest: pins, places, owners, modes, unpacking. It stays the
   * same when only mirrors, comments or what stands on disk change. While it is the same and the
   * outputs are as the last bake left them, there is nothing to do; the times put on files are not
   * looked at.
   */
  public Digest inputDigest() {
    return PlanInput.digest(this);
  }

  /**
   * The space one file system must give.
   *
   * @param directory an existing directory on it
   * @param needed in bytes, at the peak of the run
   * @param free in bytes, for this user
   */
  public record DiskNeed(Path directory, long needed, long free) {
    /** Whether the file system has the space. */
    public boolean fits() {
      return needed <= free;
    }
  }
}
