package dev.modelbake.cli;

import dev.modelbake.bake.ModelBake;
import dev.modelbake.model.Candidate;
import dev.modelbake.model.Plan;
import dev.modelbake.model.SourceUrl;
import dev.modelbake.report.Detail;
import dev.modelbake.report.Labels;
import dev.modelbake.report.PlanJson;
import dev.modelbake.report.PlanText;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "plan",
    description = {
      "Show what a bake would do here; changes nothing and opens no socket.",
      "Files that are in place already are hashed."
    },
    mixinStandardHelpOptions = true)
final class PlanCommand implements Callable<Integer> {
  @Mixin private final SelectionOptions selection = new SelectionOptions();
  @Mixin private final TargetOptions target = new TargetOptions();
  @Mixin private final SourceOptions source = new SourceOptions();
  @Mixin private final TrustOptions trust = new TrustOptions();

  @Option(names = "--json", description = "Print the plan as JSON on standard output.")
  private boolean json;

  @Option(
      names = {"-v", "--verbose"},
      description = "Show every source, exact sizes, and proxy and certificates per host.")
  private boolean verbose;

  private final Session session;

  PlanCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() {
    ModelBake bake = trust.apply(source.apply(session, Front.of(session, selection, target)));
    Plan plan = bake.plan();
    if (json) {
      session.out().print(PlanJson.of(plan).pretty());
      return ExitCode.OK.number();
    }
    session.printFolded(PlanText.of(plan, verbose ? Detail.FULL : Detail.BRIEF));
    if (verbose) {
      hosts(plan)
          .forEach(
              (origin, url) ->
                  session.printFolded(Labels.text(origin + ": " + bake.route(url)) + "\n"));
    }
    return ExitCode.OK.number();
  }

  private static Map<String, SourceUrl> hosts(Plan plan) {
    Map<String, SourceUrl> hosts = new TreeMap<>();
    plan.files().stream()
        .flatMap(file -> file.allCandidates().stream())
        .map(Candidate::url)
        .filter(url -> !url.scheme().equals("file"))
        .forEach(url -> hosts.putIfAbsent(url.origin(), url));
    return hosts;
  }
}
