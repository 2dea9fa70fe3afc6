package dev.modelbake.verify;

import dev.modelbake.model.BakeException;
import dev.modelbake.model.Plan;
import dev.modelbake.model.PlannedDirectory;
import dev.modelbake.model.PlannedFile;
import dev.modelbake.model.PlannedFile.State;
import dev.modelbake.model.Target;
import dev.modelbake.publish.Placement;
import dev.modelbake.publish.RootedPaths;
import dev.modelbake.publish.Staging;
import dev.modelbake.verify.VerifyOptions.Depth;
import dev.modelbake.work.Workers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Tells what of a plan is on disk already and what space the rest needs. Writes nothing. */
public final class Surveyor {
  private final Optional<Path> store;

  /** A surveyor for runs without a store. */
  public Surveyor() {
    this(Optional.empty());
  }

  /**
   * A surveyor.
   *
   * @param store a directory that will take every download too
   */
  public Surveyor(Optional<Path> store) {
    this.store = store;
  }

  /**
   * The plan with the state of every file and directory and the space that each file system needs
   * and has.
   *
   * @throws BakeException if the disk cannot be read or the plan's root is no directory
   */
  public Plan survey(Plan plan) {
    List<PlannedFile> resolved =
        plan.files().stream().filter(file -> file.target() instanceof Target.Resolved).toList();
    Plan known = new Plan(plan.root(), resolved, List.of(), List.of(), List.of());
    Examiner examiner = new Examiner(RootedPaths.below(plan.root()), Depth.BYTES);
    Inspector inspector = new Inspector(examiner, Workers.onAllCores("modelbake-verify"));
    List<Inspection> inspections = inspector.inspect(known);
    List<PlannedFile> files = new ArrayList<>();
    int next = 0;
    for (PlannedFile file : plan.files()) {
      boolean looked = file.target() instanceof Target.Resolved;
      files.add(file.with(looked ? inspections.get(next++).state() : State.UNKNOWN));
    }
    List<PlannedDirectory> directories =
        plan.directories().stream().map(one -> survey(one, examiner)).toList();
    Plan surveyed = new Plan(plan.root(), files, directories, List.of(), plan.notices());
    try (Staging staging = Staging.open(surveyed)) {
      List<Plan.DiskNeed> disks = new DiskNeeds(staging, store).of(files);
      return new Plan(plan.root(), files, directories, disks, plan.notices());
    }
  }

  private static PlannedDirectory survey(PlannedDirectory directory, Examiner examiner) {
    return directory.target() instanceof Target.Resolved target
        ? directory.with(examiner.directory(Placement.of(directory, target)).state())
        : directory;
  }
}
