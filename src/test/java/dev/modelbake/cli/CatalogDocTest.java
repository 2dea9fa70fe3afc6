package dev.modelbake.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.modelbake.catalog.Catalog;
import dev.modelbake.catalog.CatalogEntry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * The table of docs/catalog.md is made from the catalog: {@code -Dmodelbake.write.docs=true} writes
 * it anew.
 */
class CatalogDocTest {
  private static final Path DOCUMENT = Path.of("docs/catalog.md");
  private static final String BEGIN = "<!-- made from the catalog -->\n";
  private static final String END = "<!-- until here -->\n";
  private static final Pattern VARIABLE = Pattern.compile("\\$\\{([A-Za-z0-9_:]+)}");

  private static String table() {
    Map<String, List<CatalogEntry>> libraries = new LinkedHashMap<>();
    for (CatalogEntry entry : new Catalog().all()) {
      libraries.computeIfAbsent(entry.library(), library -> new ArrayList<>()).add(entry);
    }
    StringBuilder table =
        new StringBuilder(
            """
            | library | variable | directory | models | files pinned | licence |
            |---|---|---|---|---|---|
            """);
    libraries.forEach((library, models) -> table.append(row(library, models)));
    return table.toString();
  }

  private static String row(String library, List<CatalogEntry> models) {
    Set<String> variables = new LinkedHashSet<>();
    Set<String> directories = new LinkedHashSet<>();
    Set<String> licences = new LinkedHashSet<>();
    for (CatalogEntry entry : models) {
      String directory =
          entry.model().dir().map(text -> "`" + text.value() + "`").orElse("`--dir NAME=PATH`");
      Matcher variable = VARIABLE.matcher(directory);
      while (variable.find()) {
        variables.add("`" + variable.group(1) + "`");
      }
      directories.add(directory);
      entry.model().license().ifPresent(licences::add);
    }
    int pinned = models.stream().mapToInt(CatalogEntry::pinned).sum();
    int files = models.stream().mapToInt(entry -> entry.model().files().size()).sum();
    return "| [%s](../manifests/%s.yaml) | %s | %s | %d | %d of %d | %s |\n"
        .formatted(
            library,
            library,
            variables.isEmpty() ? "–" : String.join(", ", variables),
            directories.size() == 1
                ? directories.iterator().next()
                : directories.iterator().next().replaceAll("/[^/`]*`$", "/…`"),
            models.size(),
            pinned,
            files,
            licences.isEmpty() ? "–" : licences.stream().collect(Collectors.joining(", ")));
  }

  @Test
  void theTableIsThatOfTheCatalog() throws IOException {
    String text = Files.readString(DOCUMENT);
    int begin = text.indexOf(BEGIN) + BEGIN.length();
    int end = text.indexOf(END);
    assertTrue(begin > BEGIN.length() && end >= begin, "the marks of the table");
    if (Boolean.getBoolean("modelbake.write.docs")) {
      Files.writeString(DOCUMENT, text.substring(0, begin) + table() + text.substring(end));
      return;
    }
    assertEquals(table(), text.substring(begin, end));
  }
}
