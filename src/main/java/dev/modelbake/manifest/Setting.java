package dev.modelbake.manifest;

import java.util.List;

/** A key and the value that an edit gives it. */
public record Setting(String key, Value value) {
  /** A text. */
  public static Setting of(String key, String text) {
    return new Setting(key, new Value.Text(text));
  }

  /** A whole number. */
  public static Setting of(String key, long number) {
    return new Setting(key, new Value.Whole(number));
  }

  /** A value of a manifest. */
  public sealed interface Value {
    /** Text, quoted where YAML would read it as something else. */
    record Text(String text) implements Value {}

    /** A whole number. */
    record Whole(long number) implements Value {}

    /** {@code true} or {@code false}. */
    record Flag(boolean flag) implements Value {}

    /** A mapping. */
    record Table(List<Setting> settings) implements Value {
      public Table {
        settings = List.copyOf(settings);
      }
    }

    /** A list of mappings. */
    record Items(List<Table> items) implements Value {
      public Items {
        items = List.copyOf(items);
      }
    }
  }
}
