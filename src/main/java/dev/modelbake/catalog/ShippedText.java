package dev.modelbake.catalog;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Cuts a shipped manifest into its entries. Its form is fixed: entries begin with {@code - name:}
 * two columns in, and comments right above one belong to it.
 */
final class ShippedText {
  private static final Pattern ENTRY = Pattern.compile("  - name: (\\S+)");

  private ShippedText() {}

  /** The entries by name, in order. */
  static Map<String, String> entries(String text) {
    List<String> lines = text.lines().toList();
    List<Integer> starts = new ArrayList<>();
    List<String> names = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      Matcher entry = ENTRY.matcher(lines.get(i));
      if (entry.matches()) {
        int start = i;
        while (start > 0 && lines.get(start - 1).startsWith("  #")) {
          start--;
        }
        starts.add(start);
        names.add(entry.group(1));
      }
    }
    starts.add(lines.size());
    Map<String, String> entries = new LinkedHashMap<>();
    for (int i = 0; i < names.size(); i++) {
      String entry = String.join("\n", lines.subList(starts.get(i), starts.get(i + 1)));
      entries.put(names.get(i), entry.stripTrailing() + "\n");
    }
    return entries;
  }
}
