package dev.modelbake.model;

/**
 * A directory of the plan that must exist with its owner, whether or not something is in it.
 *
 * @param name unique in the plan: model name, a slash, path
 * @param at its entry in the manifest
 * @param target its {@link Target.Resolved#dirMode} is the directory's
 */
public record PlannedDirectory(
    String name, String model, Location at, Target target, PlannedFile.State state) {
  /** The same directory with what was found on disk. */
  public PlannedDirectory with(PlannedFile.State found) {
    return new PlannedDirectory(name, model, at, target, found);
  }
}
