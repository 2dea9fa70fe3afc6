package dev.modelbake.cli;

import dev.modelbake.json.Json;
import dev.modelbake.json.JsonObject;
import java.util.Map;
import java.util.SortedMap;
import java.util.stream.Collectors;

/** Writes variables in the syntax of where they go. */
final class EnvText {
  private EnvText() {}

  /** {@code ENV} lines of a Dockerfile; {@code $} is escaped, since Docker would expand it. */
  static String dockerfile(SortedMap<String, String> values) {
    return values.entrySet().stream()
        .map(entry -> "ENV " + entry.getKey() + "=" + dockerQuoted(entry.getValue()) + "\n")
        .collect(Collectors.joining());
  }

  private static String dockerQuoted(String value) {
    String escaped = value.replace("\\", "\\\\").replace("\"", "\\\"").replace("$", "\\$");
    return value.matches("[A-Za-z0-9_./:@%+,-]*") ? value : '"' + escaped + '"';
  }

  /** {@code export} lines for a POSIX shell. */
  static String shell(SortedMap<String, String> values) {
    return values.entrySet().stream()
        .map(entry -> "export " + entry.getKey() + "='" + quoted(entry) + "'\n")
        .collect(Collectors.joining());
  }

  private static String quoted(Map.Entry<String, String> entry) {
    return entry.getValue().replace("'", "'\\''");
  }

  /** One JSON object. */
  static String json(SortedMap<String, String> values) {
    JsonObject object = Json.object();
    for (Map.Entry<String, String> entry : values.entrySet()) {
      object = object.with(entry.getKey(), entry.getValue());
    }
    return object.pretty();
  }
}
