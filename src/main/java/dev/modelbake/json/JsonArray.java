package dev.modelbake.json;

import java.util.ArrayList;
import java.util.List;

/** An ordered list of values. */
public record JsonArray(List<Json> values) implements Json {
  public JsonArray {
    values = List.copyOf(values);
  }

  static JsonArray of(Iterable<? extends Json> values) {
    List<Json> copy = new ArrayList<>();
    values.forEach(copy::add);
    return new JsonArray(copy);
  }

  /**
   * The values, when all of them are objects.
   *
   * @throws JsonException when one is not
   */
  public List<JsonObject> objects() throws JsonException {
    List<JsonObject> objects = new ArrayList<>();
    for (Json value : values) {
      if (!(value instanceof JsonObject object)) {
        throw new JsonException("an object is expected in the list, this is " + value.kind());
      }
      objects.add(object);
    }
    return objects;
  }

  @Override
  public String kind() {
    return "a list";
  }
}
