package dev.modelbake.json;

/** {@code null}. */
public record JsonNull() implements Json {
  @Override
  public String kind() {
    return "null";
  }
}
