package dev.modelbake.bake;

import dev.modelbake.catalog.Catalog;
import dev.modelbake.manifest.ManifestReader;
import dev.modelbake.manifest.ManifestReader.Inspection;
import dev.modelbake.model.BakeListener;
import dev.modelbake.model.Manifest;
import dev.modelbake.model.Plan;
import dev.modelbake.model.UsageException;
import dev.modelbake.plan.PlanOptions;
import dev.modelbake.plan.Planner;
import dev.modelbake.plan.PythonPackages;
import dev.modelbake.plan.Surroundings;
import dev.modelbake.publish.Times;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What a caller decides. Made anew from all decisions for each {@link ModelBake}, and changed only
 * while it is made; from then on a value, which any thread may read.
 */
final class Options {
  private static final int MOST = 64;

  final List<Path> manifests;
  final Sourcing sourcing = new Sourcing();
  final List<String> only = new ArrayList<>();
  final List<String> except = new ArrayList<>();
  final List<String> groups = new ArrayList<>();
  final Map<String, String> env = new LinkedHashMap<>();
  final Map<String, String> dirs = new LinkedHashMap<>();
  Optional<String> owner = Optional.empty();
  Optional<String> home = Optional.empty();
  Path root = Path.of("/");
  Optional<Instant> times = Optional.empty();
  int jobs = 4;
  BakeListener listener = BakeListener.NONE;

  /** All decisions, the first of them first. */
  Options(List<Path> manifests, List<Consumer<Options>> decisions) {
    this.manifests = List.copyOf(manifests);
    decisions.forEach(decision -> decision.accept(this));
  }

  /** A number of files or connections, 1 to 64. */
  static int checkedNumber(String option, int number) {
    if (number < 1 || number > MOST) {
      throw new UsageException("reading " + option, number + " is out of range", "give 1 to 64");
    }
    return number;
  }

  /** The manifests themselves. */
  List<Manifest> read() {
    Inspection inspection =
        sourcing.wantsSignedManifests()
            ? new SignedManifests(sourcing.trust())::inspect
            : Inspection.NONE;
    return ManifestReader.read(manifests, new Catalog(), inspection).manifests();
  }

  /** Where everything in these manifests would go; looks at no target. */
  Plan planned(List<Manifest> read) {
    return new Planner(forPlan(), surroundings(read)).plan(read);
  }

  /** The same for a text that is being pinned, whose targets nobody asks for. */
  Plan planned(Manifest one) {
    return new Planner(forPlan(), surroundings(List.of())).plan(List.of(one));
  }

  PlanOptions forPlan() {
    return new PlanOptions(
        root,
        owner,
        home,
        env,
        dirs,
        new PlanOptions.Selection(only, except, groups),
        sourcing.sources());
  }

  Surroundings surroundings(List<Manifest> read) {
    return SurroundingsReader.read(
        root, sourcing.environment, PythonPackages.asked(read, dirs.values()));
  }

  Times publishedTimes() {
    return times
        .map(Times::new)
        .orElseGet(
            () ->
                Times.sourceDateEpoch(
                    Optional.ofNullable(sourcing.environment.get("SOURCE_DATE_EPOCH"))));
  }
}
