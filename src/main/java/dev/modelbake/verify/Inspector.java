package dev.modelbake.verify;

import dev.modelbake.digest.TreeDigest;
import dev.modelbake.model.CannotCreateException;
import dev.modelbake.model.Digest;
import dev.modelbake.model.Plan;
import dev.modelbake.model.PlannedFile;
import dev.modelbake.model.PlannedFile.State;
import dev.modelbake.model.Target;
import dev.modelbake.model.Unpacking;
import dev.modelbake.model.Unpacking.TreePin;
import dev.modelbake.publish.Listing;
import dev.modelbake.publish.Placement;
import dev.modelbake.publish.Stat;
import dev.modelbake.work.Workers;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;

/** Looks at everything a plan says should be there: what survey and verification share. */
record Inspector(Examiner examiner, Workers workers) {
  /** A planned file, the looks at its files, and what they prove together. */
  private record Job(
      PlannedFile file, List<Callable<List<Observation>>> looks, Optional<Conclusion> conclusion) {}

  /** Draws one more observation from those of a tree's files. */
  @FunctionalInterface
  private interface Conclusion {
    Optional<Observation> of(List<Observation> looks);
  }

  /** Looks at all files of a plan; the result is in its order. */
  List<Inspection> inspect(Plan plan) {
    List<Job> jobs = plan.files().stream().map(this::job).toList();
    List<List<Observation>> observations =
        workers.all(jobs.stream().flatMap(job -> job.looks().stream()).toList(), "verifying");
    List<Inspection> inspections = new ArrayList<>();
    int from = 0;
    for (Job job : jobs) {
      int to = from + job.looks().size();
      List<Observation> found = new ArrayList<>();
      observations.subList(from, to).forEach(found::addAll);
      job.conclusion().flatMap(one -> one.of(List.copyOf(found))).ifPresent(found::add);
      inspections.add(new Inspection(job.file(), found));
      from = to;
    }
    return inspections;
  }

  private Job job(PlannedFile file) {
    if (!(file.target() instanceof Target.Resolved target)) {
      throw new IllegalArgumentException(file.name() + " has no resolved target");
    }
    if (!(file.unpacking() instanceof Unpacking.Tree tree)) {
      return new Job(file, examinations(Placement.of(file, target)), Optional.empty());
    }
    Placement whole = whole(file, target);
    try {
      Path directory = examiner.paths().locateDirectory(target.path());
      Optional<Stat> stat = Stat.of(directory);
      if (stat.isEmpty()) {
        return one(file, new Observation(whole, State.ABSENT, "the directory is missing"));
      }
      return tree.pin() instanceof TreePin.Members
          ? new Job(file, examinations(Placement.of(file, target)), Optional.empty())
          : new Job(
              file,
              measurements(file, target, Listing.of(directory)),
              Optional.of(looks -> conclude(whole, tree.pin(), looks)));
    } catch (CannotCreateException e) {
      return one(file, new Observation(whole, State.WRONG_TYPE, e.explanation().happened()));
    } catch (AccessDeniedException e) {
      return one(file, new Observation(whole, State.UNKNOWN, "this user may not read it"));
    } catch (IOException e) {
      throw Examiner.failure(e, target.path());
    }
  }

  private static Job one(PlannedFile file, Observation observation) {
    return new Job(file, List.of(() -> List.of(observation)), Optional.empty());
  }

  private List<Callable<List<Observation>>> examinations(List<Placement> placements) {
    return placements.stream()
        .<Callable<List<Observation>>>map(placement -> () -> examiner.examineAll(placement))
        .toList();
  }

  private List<Callable<List<Observation>>> measurements(
      PlannedFile file, Target.Resolved target, Listing listing) {
    return listing.files().keySet().stream()
        .map(
            name ->
                new Placement(
                    file.name(),
                    Placement.inside(target.path(), name),
                    Optional.empty(),
                    target.owner(),
                    target.mode()))
        .<Callable<List<Observation>>>map(placement -> () -> List.of(examiner.measure(placement)))
        .toList();
  }

  private Optional<Observation> conclude(
      Placement directory, TreePin pin, List<Observation> looks) {
    if (pin instanceof TreePin.Whole whole) {
      return new TreeProof(directory.path(), whole, examiner.depth())
          .contradiction(looks)
          .map(what -> new Observation(directory, State.WRONG_BYTES, what));
    }
    return Optional.of(
        new Observation(
            directory, State.UNKNOWN, "only the archive is pinned, so nothing here can be proven"));
  }

  private static Placement whole(PlannedFile file, Target.Resolved target) {
    return new Placement(
        file.name(), target.path(), Optional.empty(), target.owner(), target.mode());
  }

  /** Compares a directory with the pin of the tree as a whole. */
  private record TreeProof(Path target, TreePin.Whole whole, VerifyOptions.Depth depth) {
    Optional<String> contradiction(List<Observation> looks) {
      if (whole.files().isPresent() && whole.files().getAsInt() != looks.size()) {
        return Optional.of(
            "expected %d files, actual %d".formatted(whole.files().getAsInt(), looks.size()));
      }
      long size = looks.stream().mapToLong(Observation::size).sum();
      if (whole.size().isPresent() && whole.size().getAsLong() != size) {
        return Optional.of(
            "expected %d bytes in all, actual %d".formatted(whole.size().getAsLong(), size));
      }
      if (depth == VerifyOptions.Depth.QUICK) {
        return Optional.empty();
      }
      Map<String, Digest> digests = new TreeMap<>();
      looks.forEach(
          look ->
              look.sha256()
                  .ifPresent(
                      sha256 ->
                          digests.put(
                              target.relativize(look.placement().path()).toString(), sha256)));
      Digest actual = TreeDigest.of(digests);
      return actual.equals(whole.digest())
          ? Optional.empty()
          : Optional.of("expected a tree with %s, actual %s".formatted(whole.digest(), actual));
    }
  }
}
