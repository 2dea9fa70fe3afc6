package dev.modelbake.cli;

import dev.modelbake.catalog.Catalog;
import dev.modelbake.catalog.CatalogEntry;
import dev.modelbake.catalog.CatalogManifest;
import dev.modelbake.report.CatalogJson;
import dev.modelbake.report.CatalogText;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "show",
    description = "Show models of the catalog: files, licence, place, and what is pinned.",
    mixinStandardHelpOptions = true)
final class CatalogShowCommand implements Callable<Integer> {
  @Parameters(
      arity = "1..*",
      paramLabel = "NAME",
      completionCandidates = CatalogNames.class,
      description = "Models such as rembg/u2netp; * stands for any characters.")
  private List<String> names = new ArrayList<>();

  /** At most one form. */
  static final class Form {
    @Option(names = "--manifest", description = "Print a manifest with these models.")
    boolean manifest;

    @Option(names = "--json", description = "Print models and files as JSON.")
    boolean json;
  }

  @ArgGroup private Form form = new Form();

  private final Session session;

  CatalogShowCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() {
    List<CatalogEntry> entries = new Catalog().find(names);
    if (form.manifest) {
      session.out().print(CatalogManifest.of(entries));
    } else if (form.json) {
      session.out().print(CatalogJson.of(entries).pretty());
    } else {
      session.printFolded(
          entries.stream().map(CatalogText::model).collect(Collectors.joining("\n")));
    }
    return ExitCode.OK.number();
  }
}
