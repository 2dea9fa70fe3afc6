package dev.modelbake.catalog;

import dev.modelbake.manifest.NewManifest;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A manifest made of shipped entries, comments and all. */
public final class CatalogManifest {
  private static final Pattern NAME_LINE = Pattern.compile("(?m)^(  - name: .*)$");

  private CatalogManifest() {}

  /** The text of the manifest; what the user has to decide stands in it as a comment. */
  public static String of(List<CatalogEntry> entries) {
    return NewManifest.head() + entries(entries);
  }

  /** The entries alone. */
  public static String entries(List<CatalogEntry> entries) {
    return entries.stream().map(CatalogManifest::entry).collect(Collectors.joining("\n"));
  }

  private static String entry(CatalogEntry entry) {
    if (entry.model().dir().isPresent()) {
      return entry.text();
    }
    String choice =
        "$1\n    # dir: /opt/models   the library has no place of its own: choose one here, or bake"
            + " with --dir "
            + entry.model().name()
            + "=PATH";
    return NAME_LINE.matcher(entry.text()).replaceFirst(choice);
  }
}
