package dev.modelbake.pin;

import dev.modelbake.model.Location;
import java.util.List;

/**
 * Something found out, and the mapping of the manifest that it goes into.
 *
 * @param file whose it is, for people
 * @param at where the mapping of the model or file stands
 * @param path keys that lead from there to a mapping inside; empty for the mapping itself
 * @param settings keys and values in the order they are written
 */
public record Pin(
    String file, Location at, List<String> path, List<Setting> settings, Evidence evidence) {
  public Pin {
    path = List.copyOf(path);
    settings = List.copyOf(settings);
  }

  /** How a value was obtained; it stands beside it as a comment. */
  public enum Evidence {
    DOWNLOADED("downloaded"),
    METADATA("metadata"),
    TWO_SOURCES("two sources agree");

    private final String comment;

    Evidence(String comment) {
      this.comment = comment;
    }

    /** The words of the comment. */
    public String comment() {
      return comment;
    }
  }

  /** A key and its value. */
  public record Setting(String key, Value value) {
    static Setting of(String key, String text) {
      return new Setting(key, new Value.Text(text));
    }

    static Setting of(String key, long number) {
      return new Setting(key, new Value.Whole(number));
    }
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
