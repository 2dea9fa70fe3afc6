package dev.modelbake.model;

import java.nio.file.Path;
import java.util.List;

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
