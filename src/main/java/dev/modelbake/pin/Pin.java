package dev.modelbake.pin;

import dev.modelbake.manifest.Setting;
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
    TWO_SOURCES("two sources agree"),
    /** One source gave what the manifest pinned already. */
    GIVEN("downloaded, as the sha256 here");

    private final String comment;

    Evidence(String comment) {
      this.comment = comment;
    }

    /** The words of the comment. */
    public String comment() {
      return comment;
    }
  }
}
