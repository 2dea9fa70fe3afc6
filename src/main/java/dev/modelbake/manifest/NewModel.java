package dev.modelbake.manifest;

import dev.modelbake.manifest.Setting.Value;
import java.util.List;

/**
 * The entry of a model that is to be written.
 *
 * @param keys of the model, without {@code files}; the first stands behind the hyphen
 * @param files each with its own keys; none for a model of the catalog
 */
public record NewModel(List<Setting> keys, List<Value.Table> files) {
  private static final YamlWords WORDS = new YamlWords(YamlWords.Style.YAML);

  public NewModel {
    keys = List.copyOf(keys);
    files = List.copyOf(files);
  }

  /**
   * The lines.
   *
   * @param indent before the hyphen
   */
  public String text(String indent) {
    StringBuilder out = new StringBuilder();
    append(out, indent, keys);
    if (!files.isEmpty()) {
      out.append(indent).append("  files:\n");
      files.forEach(file -> append(out, indent + "    ", file.settings()));
    }
    return out.toString();
  }

  private static void append(StringBuilder out, String indent, List<Setting> settings) {
    String lead = indent + "- ";
    for (Setting setting : settings) {
      out.append(lead).append(WORDS.key(setting.key()));
      if (setting.value() instanceof Value.Items items) {
        out.append('\n');
        WORDS.lines(items, indent + "    ").forEach(line -> out.append(line).append('\n'));
      } else {
        out.append(' ').append(WORDS.flow(setting.value())).append('\n');
      }
      lead = indent + "  ";
    }
  }
}
