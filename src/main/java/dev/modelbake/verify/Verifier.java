package dev.modelbake.verify;

import dev.modelbake.model.CannotCreateException;
import dev.modelbake.model.Descriptor;
import dev.modelbake.model.FailureKind;
import dev.modelbake.model.FileMode;
import dev.modelbake.model.Finding;
import dev.modelbake.model.Owner;
import dev.modelbake.model.Plan;
import dev.modelbake.model.PlannedDirectory;
import dev.modelbake.model.PlannedFile;
import dev.modelbake.model.Printable;
import dev.modelbake.model.Receipt;
import dev.modelbake.model.Target;
import dev.modelbake.publish.Access;
import dev.modelbake.publish.Placement;
import dev.modelbake.publish.RootedPaths;
import dev.modelbake.publish.Stat;
import dev.modelbake.work.Workers;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;

/**
 * Proves, offline and in constant memory, that files stand where they should with their bytes,
 * owner and mode.
 */
public final class Verifier {
  private static final int MOST = 400;

  /** What the kernel says of every link. */
  private static final FileMode LINK_MODE = new FileMode(0777);

  /**
   * Verifies a plan.
   *
   * @return findings in the order of the plan, none when everything is proven. A file that only a
   *     receipt could prove is a finding of kind {@link FailureKind#CONFIGURATION}
   * @throws dev.modelbake.model.BakeException if the disk cannot be read
   */
  public Verified verify(Plan plan, VerifyOptions options) {
    RootedPaths paths = RootedPaths.below(plan.root());
    List<Finding> findings = new ArrayList<>();
    List<PlannedFile> known = new ArrayList<>();
    for (PlannedFile file : plan.files()) {
      if (file.target() instanceof Target.Unresolved unresolved) {
        findings.add(
            new Finding(
                unresolved.text(),
                file.name(),
                FailureKind.CONFIGURATION,
                unresolved.reason().what()));
      } else {
        known.add(file);
      }
    }
    Examiner examiner = new Examiner(paths, options.depth());
    List<Inspection> inspections =
        new Inspector(examiner, Workers.onAllCores("modelbake-verify"))
            .inspect(new Plan(plan.root(), known, List.of(), List.of(), List.of()));
    inspections.forEach(inspection -> findings.addAll(inspection.findings()));
    List<Observation> observations = new ArrayList<>();
    inspections.forEach(one -> observations.addAll(one.observations()));
    for (PlannedDirectory directory : plan.directories()) {
      if (directory.target() instanceof Target.Resolved target) {
        Observation one = examiner.directory(Placement.of(directory, target));
        one.finding().ifPresent(findings::add);
        observations.add(one);
      }
    }
    findings.addAll(closed(paths, observations, options.as()));
    Set<Path> expected = new HashSet<>();
    observations.forEach(one -> expected.add(one.placement().path()));
    findings.addAll(new Strangers(paths, expected).among(known));
    return new Verified(findings, new Receipt(hashed(observations)));
  }

  /**
   * Verifies what a receipt says.
   *
   * @param root the directory that stands for {@code /}
   * @throws dev.modelbake.model.BakeException if the disk cannot be read
   */
  public Verified verify(Receipt receipt, Path root, VerifyOptions options) {
    RootedPaths paths = RootedPaths.below(root);
    Examiner examiner = new Examiner(paths, options.depth());
    List<Callable<Observation>> looks = new ArrayList<>();
    receipt.entries().forEach(entry -> looks.add(() -> examiner.examine(placement(entry))));
    receipt.links().forEach(link -> looks.add(() -> look(examiner, link)));
    receipt
        .directories()
        .forEach(directory -> looks.add(() -> examiner.directory(placement(directory))));
    List<Observation> observations =
        Workers.onAllCores("modelbake-verify").all(looks, "verifying the receipt");
    List<Finding> findings = new ArrayList<>();
    observations.forEach(one -> one.finding().ifPresent(findings::add));
    findings.addAll(closed(paths, observations, options.as()));
    int files = receipt.entries().size();
    List<Receipt.Link> links = new ArrayList<>();
    for (int i = 0; i < receipt.links().size(); i++) {
      if (observations.get(files + i).state() == PlannedFile.State.PRESENT) {
        links.add(receipt.links().get(i));
      }
    }
    return new Verified(findings, new Receipt(hashed(observations), links, List.of()));
  }

  /** The files that were read and found right; in a cache they go by the links to them. */
  private static List<Receipt.Entry> hashed(List<Observation> observations) {
    return observations.stream()
        .filter(one -> one.state() == PlannedFile.State.PRESENT && one.sha256().isPresent())
        .map(Verifier::entry)
        .sorted(Comparator.comparing(Receipt.Entry::path))
        .toList();
  }

  private static Receipt.Entry entry(Observation one) {
    Placement placement = one.placement();
    return new Receipt.Entry(
        placement.path().toString(),
        placement.file(),
        one.sha256().orElseThrow(),
        one.size(),
        placement.owner(),
        placement.mode());
  }

  private static Observation look(Examiner examiner, Receipt.Link link) {
    Placement placement =
        new Placement(
            link.file(), absolute(link.path()), Optional.empty(), link.owner(), LINK_MODE);
    Examiner.LinkLook look = examiner.link(placement);
    if (look.text().isEmpty() || look.text().get().equals(link.target())) {
      return look.observation();
    }
    return new Observation(
        placement,
        PlannedFile.State.WRONG_BYTES,
        "expected a link to %s, actual: to %s"
            .formatted(Printable.of(link.target(), MOST), Printable.of(look.text().get(), MOST)));
  }

  private static Placement placement(Receipt.Directory directory) {
    return new Placement(
        directory.name(),
        absolute(directory.path()),
        Optional.empty(),
        directory.owner(),
        directory.mode());
  }

  private static Path absolute(String path) {
    return Placement.inside(Path.of("/"), path.substring(1));
  }

  private static Placement placement(Receipt.Entry entry) {
    return new Placement(
        entry.file(),
        absolute(entry.path()),
        Optional.of(Descriptor.of(entry.digest(), entry.size())),
        entry.owner(),
        entry.mode());
  }

  /** What a user cannot get at; each closed path is named once. */
  private static List<Finding> closed(
      RootedPaths paths, List<Observation> observations, Optional<Owner> user) {
    List<Finding> findings = new ArrayList<>();
    Set<String> named = new HashSet<>();
    for (Observation one : user.isPresent() ? observations : List.<Observation>of()) {
      Placement placement = one.placement();
      try {
        Path located = paths.locate(placement.path());
        if (Stat.of(located).isEmpty()) {
          continue;
        }
        Optional<String> closed = new Access(paths).closed(located, user.orElseThrow());
        if (closed.isPresent() && named.add(closed.get())) {
          findings.add(
              new Finding(
                  placement.path().toString(),
                  placement.file(),
                  FailureKind.INTEGRITY,
                  "user %s cannot read it: %s".formatted(user.orElseThrow(), closed.get())));
        }
      } catch (CannotCreateException e) {
        // Found already.
      } catch (IOException e) {
        throw Examiner.failure(e, placement.path());
      }
    }
    return findings;
  }
}
