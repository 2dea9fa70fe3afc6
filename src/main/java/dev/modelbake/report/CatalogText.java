package dev.modelbake.report;

import dev.modelbake.catalog.CatalogEntry;
import dev.modelbake.model.Model;
import dev.modelbake.model.ModelFile;
import dev.modelbake.model.Text;
import dev.modelbake.model.Unpacking;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The catalog for people. */
public final class CatalogText {
  private static final int SHORT_DIGEST = 12;
  private static final int WIDEST_DIRECTORY = 30;
  private static final int WIDEST_LICENCE = 12;

  private CatalogText() {}

  /** A row for each library. */
  public static String libraries(List<CatalogEntry> entries) {
    Map<String, List<CatalogEntry>> libraries = new LinkedHashMap<>();
    entries.forEach(
        entry ->
            libraries.computeIfAbsent(entry.library(), library -> new ArrayList<>()).add(entry));
    Table table = new Table();
    table.row(List.of("LIBRARY", "MODELS", "PINNED", "SIZE", "DIRECTORY"));
    libraries.forEach(
        (library, models) ->
            table.row(
                List.of(
                    library,
                    Integer.toString(models.size()),
                    pinned(models),
                    size(models),
                    shortened(directories(models), WIDEST_DIRECTORY))));
    StringBuilder out = new StringBuilder();
    table.appendTo(out);
    return out.append(
            "`modelbake catalog list WORD` lists models, `catalog show NAME` one of them\n")
        .toString();
  }

  /** A row for each model. */
  public static String models(List<CatalogEntry> entries) {
    Table table = new Table();
    table.row(List.of("NAME", "PINNED", "SIZE", "LICENCE", "DIRECTORY"));
    for (CatalogEntry entry : entries) {
      table.row(
          List.of(
              entry.model().name(),
              pinned(List.of(entry)),
              size(List.of(entry)),
              shortened(entry.model().license().orElse("?"), WIDEST_LICENCE),
              directories(List.of(entry))));
    }
    StringBuilder out = new StringBuilder();
    table.appendTo(out);
    return out.toString();
  }

  /** Everything about one model. */
  public static String model(CatalogEntry entry) {
    Model model = entry.model();
    Table head = new Table();
    head.row(List.of(model.name(), ""));
    head.row(List.of("  licence", model.license().orElse("?")));
    model.homepage().ifPresent(page -> head.row(List.of("  homepage", page)));
    head.row(List.of("  directory", directories(List.of(entry))));
    model
        .hub()
        .ifPresent(hub -> head.row(List.of("  repository", hub.id() + "@" + hub.revision())));
    model.env().forEach((name, value) -> head.row(List.of("  set", name + "=" + value)));
    model.dirs().forEach(dir -> head.row(List.of("  makes", dir.value() + "/")));
    head.row(List.of("  pinned", pinned(List.of(entry)) + " files, " + size(List.of(entry))));
    Table files = new Table();
    model.files().forEach(file -> files.row(row(file)));
    StringBuilder out = new StringBuilder();
    head.appendTo(out);
    files.appendTo(out);
    return out.toString();
  }

  private static List<String> row(ModelFile file) {
    return List.of(
        "  "
            + file.pin()
                .map(pin -> pin.digest().hex().substring(0, SHORT_DIGEST))
                .orElse("unpinned"),
        file.pin().stream()
            .flatMapToLong(pin -> pin.size().stream())
            .mapToObj(Amounts::size)
            .findFirst()
            .orElse("?"),
        file.path().isEmpty() || file.unpacking() instanceof Unpacking.Tree
            ? file.path() + "/"
            : file.path());
  }

  private static String pinned(List<CatalogEntry> entries) {
    int pinned = entries.stream().mapToInt(CatalogEntry::pinned).sum();
    int files = entries.stream().mapToInt(entry -> entry.model().files().size()).sum();
    return pinned + "/" + files;
  }

  private static String size(List<CatalogEntry> entries) {
    long size = entries.stream().mapToLong(CatalogEntry::size).sum();
    if (size == 0) {
      return "?";
    }
    boolean all = entries.stream().allMatch(CatalogEntry::isSized);
    return Amounts.size(size) + (all ? "" : "+");
  }

  private static String directories(List<CatalogEntry> entries) {
    Set<String> directories = new LinkedHashSet<>();
    entries.forEach(
        entry -> directories.add(entry.model().dir().map(Text::value).orElse("(yours: --dir)")));
    String first = directories.iterator().next();
    return directories.size() == 1 ? first : first.substring(0, first.lastIndexOf('/') + 1) + "…";
  }

  private static String shortened(String text, int widest) {
    return text.length() <= widest ? text : text.substring(0, widest - 1) + "…";
  }
}
