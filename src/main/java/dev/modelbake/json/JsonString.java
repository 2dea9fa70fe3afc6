package dev.modelbake.json;

/** A string; any text, printable or not. */
public record JsonString(String value) implements Json {
  @Override
  public String kind() {
    return "a string";
  }
}
