package dev.modelbake.json;

/** A JSON value, as RFC 8259 has it. */
public sealed interface Json
    permits JsonArray, JsonBoolean, JsonNull, JsonNumber, JsonObject, JsonString {

  /** An object without members, to be grown with {@link JsonObject#with}. */
  static JsonObject object() {
    return JsonObject.EMPTY;
  }

  /** An array of these values. */
  static JsonArray array(Iterable<? extends Json> values) {
    return JsonArray.of(values);
  }

  /** A string. */
  static JsonString of(String value) {
    return new JsonString(value);
  }

  /** A whole number. */
  static JsonNumber of(long value) {
    return JsonNumber.of(value);
  }

  /** A truth value. */
  static JsonBoolean of(boolean value) {
    return new JsonBoolean(value);
  }

  /** On one line, without spaces and without a final line feed. */
  default String compact() {
    return new JsonWriter(JsonWriter.Form.COMPACT).write(this);
  }

  /** Indented by two spaces, ended by a line feed. */
  default String pretty() {
    return new JsonWriter(JsonWriter.Form.PRETTY).write(this);
  }

  /** What a message calls this value, such as {@code a string}. */
  String kind();
}
