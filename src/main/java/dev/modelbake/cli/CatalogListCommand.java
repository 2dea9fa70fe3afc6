package dev.modelbake.cli;

import dev.modelbake.catalog.Catalog;
import dev.modelbake.catalog.CatalogEntry;
import dev.modelbake.model.UsageException;
import dev.modelbake.report.CatalogJson;
import dev.modelbake.report.CatalogText;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "list",
    description = {
      "List the libraries of the catalog, or the models that have a word.",
      "The word may stand in their name, licence, homepage or file names."
    },
    mixinStandardHelpOptions = true)
final class CatalogListCommand implements Callable<Integer> {
  @Parameters(arity = "0..1", paramLabel = "WORD", description = "What to search, in any case.")
  private String word = "";

  @Option(names = "--all", description = "List every model.")
  private boolean all;

  @Option(names = "--json", description = "Print models and files as JSON.")
  private boolean json;

  private final Session session;

  CatalogListCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() {
    List<CatalogEntry> entries = new Catalog().search(word);
    if (entries.isEmpty()) {
      throw new UsageException(
          "searching the catalog for " + word,
          "nothing has this word",
          "`modelbake catalog list` shows the libraries");
    }
    if (json) {
      session.out().print(CatalogJson.of(entries).pretty());
    } else if (all || !word.isEmpty()) {
      session.out().print(CatalogText.models(entries));
    } else {
      session.out().print(CatalogText.libraries(entries));
    }
    return ExitCode.OK.number();
  }
}
