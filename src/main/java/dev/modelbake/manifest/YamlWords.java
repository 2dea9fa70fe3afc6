package dev.modelbake.manifest;

import dev.modelbake.manifest.Setting.Value;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.resolver.CoreScalarResolver;

/** Writes values as YAML 1.2, or as JSON, which is a part of it. */
record YamlWords(Style style) {
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_./][A-Za-z0-9_./+@=~-]*");
  private static final CoreScalarResolver RESOLVER = new CoreScalarResolver(true);

  /** How keys and texts stand. */
  enum Style {
    YAML,
    /** Everything in double quotes. */
    JSON
  }

  /** A key with its colon. */
  String key(String key) {
    return style == Style.JSON ? quoted(key) + ":" : key + ":";
  }

  /** A value on one line. */
  String flow(Value value) {
    if (value instanceof Value.Text text) {
      return text(text.text());
    }
    if (value instanceof Value.Whole whole) {
      return Long.toString(whole.number());
    }
    if (value instanceof Value.Flag flag) {
      return Boolean.toString(flag.flag());
    }
    if (value instanceof Value.Table table) {
      return table.settings().stream()
          .map(setting -> key(setting.key()) + " " + flow(setting.value()))
          .collect(Collectors.joining(", ", "{", "}"));
    }
    return ((Value.Items) value)
        .items().stream().map(this::flow).collect(Collectors.joining(", ", "[", "]"));
  }

  /** The lines of a list of mappings, each on one line of its own. */
  List<String> lines(Value.Items items, String indent) {
    return items.items().stream().map(item -> indent + "- " + flow(item)).toList();
  }

  /** A text, in quotes where it would not be read back as this text. */
  String text(String text) {
    boolean plain =
        style == Style.YAML
            && PLAIN.matcher(text).matches()
            && RESOLVER.resolve(text, true).equals(Tag.STR);
    return plain ? text : quoted(text);
  }

  private static String quoted(String text) {
    StringBuilder out = new StringBuilder("\"");
    text.codePoints()
        .forEach(
            c -> {
              if (c == '"' || c == '\\') {
                out.append('\\').appendCodePoint(c);
              } else if (c < 0x20 || c == 0x7f) {
                out.append("\\u%04x".formatted(c));
              } else {
                out.appendCodePoint(c);
              }
            });
    return out.append('"').toString();
  }
}
