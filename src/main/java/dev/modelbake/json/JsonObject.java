package dev.modelbake.json;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Named values in the order they were written.
 *
 * <p>The getters by type answer empty for an absent name and for {@code null}, and throw for
 * another type: a misread document is never half believed.
 */
public record JsonObject(Map<String, Json> members) implements Json {
  static final JsonObject EMPTY = new JsonObject(Map.of());

  public JsonObject {
    members = Collections.unmodifiableMap(new LinkedHashMap<>(members));
  }

  /** The same object with this member, in its old place when the name was there. */
  public JsonObject with(String name, Json value) {
    Map<String, Json> grown = new LinkedHashMap<>(members);
    grown.put(name, value);
    return new JsonObject(grown);
  }

  /** The same object with this string. */
  public JsonObject with(String name, String value) {
    return with(name, Json.of(value));
  }

  /** The same object with this whole number. */
  public JsonObject with(String name, long value) {
    return with(name, Json.of(value));
  }

  /** The same object with this list. */
  public JsonObject with(String name, List<? extends Json> values) {
    return with(name, Json.array(values));
  }

  /** The same object, with this member when there is a value. */
  public JsonObject withOptional(String name, Optional<? extends Json> value) {
    return value.isPresent() ? with(name, value.get()) : this;
  }

  /** The names, in order. */
  public Set<String> names() {
    return members.keySet();
  }

  /** The value of this name. */
  public Optional<Json> find(String name) {
    return Optional.ofNullable(members.get(name));
  }

  /**
   * A string.
   *
   * @throws JsonException when it is something else
   */
  public Optional<String> string(String name) throws JsonException {
    return as(name, JsonString.class, "a string").map(JsonString::value);
  }

  /**
   * A whole number that fits a long.
   *
   * @throws JsonException when it is something else
   */
  public OptionalLong whole(String name) throws JsonException {
    Optional<JsonNumber> number = as(name, JsonNumber.class, "a whole number");
    if (number.isEmpty()) {
      return OptionalLong.empty();
    }
    OptionalLong whole = number.get().whole();
    if (whole.isEmpty()) {
      throw new JsonException("`" + name + "`: a whole number is expected");
    }
    return whole;
  }

  /**
   * A truth value.
   *
   * @throws JsonException when it is something else
   */
  public Optional<Boolean> bool(String name) throws JsonException {
    return as(name, JsonBoolean.class, "true or false").map(JsonBoolean::value);
  }

  /**
   * An object.
   *
   * @throws JsonException when it is something else
   */
  public Optional<JsonObject> object(String name) throws JsonException {
    return as(name, JsonObject.class, "an object");
  }

  /**
   * A list.
   *
   * @throws JsonException when it is something else
   */
  public Optional<JsonArray> array(String name) throws JsonException {
    return as(name, JsonArray.class, "a list");
  }

  private <T extends Json> Optional<T> as(String name, Class<T> type, String expected)
      throws JsonException {
    Json value = members.get(name);
    if (value == null || value instanceof JsonNull) {
      return Optional.empty();
    }
    if (!type.isInstance(value)) {
      throw new JsonException(
          "`%s`: %s is expected, this is %s".formatted(name, expected, value.kind()));
    }
    return Optional.of(type.cast(value));
  }

  @Override
  public String kind() {
    return "an object";
  }
}
