package dev.modelbake.manifest;

import dev.modelbake.model.UsageException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Adds models to the text of a manifest, behind those that are there; changes nothing else. */
public final class Addition {
  private static final Pattern ITEM = Pattern.compile("( *)- .*");

  private Addition() {}

  /**
   * The longer text.
   *
   * @throws UsageException if the models do not stand as a list of lines
   */
  public static String to(String text, List<NewModel> models) {
    if (models.isEmpty()) {
      return text;
    }
    List<String> lines = new ArrayList<>(text.lines().toList());
    int start = lines.indexOf("models:");
    String indent = null;
    int end = start + 1;
    for (int i = start + 1; start >= 0 && i < lines.size(); i++) {
      Matcher item = ITEM.matcher(lines.get(i));
      if (indent == null && item.matches()) {
        indent = item.group(1);
      }
      String line = lines.get(i);
      boolean blank = line.isBlank() || line.startsWith("#");
      if (!blank && !line.startsWith(" ") && !line.startsWith("-")) {
        break;
      }
      end = blank ? end : i + 1;
    }
    if (indent == null) {
      throw new UsageException(
          "adding models",
          "the manifest has no `models:` with a line for each",
          "write `models:` and below it `  - name: …`");
    }
    StringBuilder added = new StringBuilder();
    for (NewModel model : models) {
      added.append(model.text(indent));
    }
    lines.addAll(end, added.toString().lines().toList());
    return String.join("\n", lines) + "\n";
  }
}
