package dev.modelbake.report;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.modelbake.json.Json;
import dev.modelbake.json.JsonArray;
import dev.modelbake.json.JsonBounds;
import dev.modelbake.json.JsonException;
import dev.modelbake.json.JsonObject;
import dev.modelbake.json.JsonReader;
import dev.modelbake.json.JsonString;
import java.util.Set;
import java.util.TreeSet;

/** The property names and constant values of a JSON Schema. */
final class SchemaNames {
  private final Set<String> names = new TreeSet<>();

  private SchemaNames() {}

  static Set<String> of(String schema) {
    SchemaNames found = new SchemaNames();
    try {
      found.collect(JsonReader.read(schema.getBytes(UTF_8), new JsonBounds(1 << 20, 50)));
    } catch (JsonException e) {
      throw new AssertionError(e);
    }
    return found.names;
  }

  private void collect(Json json) throws JsonException {
    if (json instanceof JsonArray array) {
      for (Json value : array.values()) {
        collect(value);
      }
    } else if (json instanceof JsonObject object) {
      object.find("properties").ifPresent(it -> names.addAll(((JsonObject) it).names()));
      if (object.find("const").orElse(null) instanceof JsonString constant) {
        names.add(constant.value());
      }
      for (Json value : object.array("enum").map(JsonArray::values).orElse(java.util.List.of())) {
        names.add(((JsonString) value).value());
      }
      for (Json value : object.members().values()) {
        collect(value);
      }
    }
  }
}
