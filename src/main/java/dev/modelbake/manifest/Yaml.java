package dev.modelbake.manifest;

import dev.modelbake.model.Location;
import java.util.List;

/** A value of a YAML or JSON text with its place; aliases are already followed. */
sealed interface Yaml {
  /** Where the value starts. */
  Location at();

  /** What a person would call this sort of value. */
  String sort();

  /** A single value, its text as written; quotes and escapes are already undone. */
  record Scalar(Location at, String text, Kind kind) implements Yaml {
    @Override
    public String sort() {
      return kind.sort;
    }
  }

  /** A list. */
  record Sequence(Location at, List<Yaml> items) implements Yaml {
    public Sequence {
      items = List.copyOf(items);
    }

    @Override
    public String sort() {
      return "a list";
    }
  }

  /** Keys with values; a key occurs once. */
  record Mapping(Location at, List<Entry> entries) implements Yaml {
    public Mapping {
      entries = List.copyOf(entries);
    }

    @Override
    public String sort() {
      return "a mapping of keys to values";
    }
  }

  /** A key and its value. */
  record Entry(Scalar key, Yaml value) {}

  /** How the YAML 1.2 core schema reads a scalar. */
  enum Kind {
    STRING("text"),
    INTEGER("a number"),
    FLOAT("a number with a fraction or exponent"),
    BOOLEAN("true or false"),
    NULL("empty"),
    /** The key {@code <<} without quotes. */
    MERGE("a merge key");

    private final String sort;

    Kind(String sort) {
      this.sort = sort;
    }
  }
}
