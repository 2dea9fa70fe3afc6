package dev.modelbake.model;

/** A string of a manifest with its place, so that a later stage can still point at it. */
public record Text(String value, Location at) {
  @Override
  public String toString() {
    return value;
  }
}
