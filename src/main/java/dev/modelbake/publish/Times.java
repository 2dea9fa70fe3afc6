package dev.modelbake.publish;

import dev.modelbake.model.EnvironmentException;
import java.nio.file.attribute.FileTime;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;

/** The modification and access time of everything a run publishes, whole seconds. */
public record Times(Instant instant) {
  /** The time when nothing else is said, so that the same manifest gives the same layer. */
  public static final Times DEFAULT = new Times(Instant.parse("2000-01-01T00:00:00Z"));

  public Times {
    instant = Instant.ofEpochSecond(instant.getEpochSecond());
  }

  /**
   * The time that the variable {@code SOURCE_DATE_EPOCH} asks for: seconds since 1970.
   *
   * @throws EnvironmentException if its value is anything else
   */
  public static Times sourceDateEpoch(Optional<String> value) {
    if (value.isEmpty() || value.get().isEmpty()) {
      return DEFAULT;
    }
    try {
      if (value.get().matches("[0-9]{1,12}")) {
        return new Times(Instant.ofEpochSecond(Long.parseLong(value.get())));
      }
    } catch (DateTimeException e) {
      // Falls through to the problem below.
    }
    throw new EnvironmentException(
        "SOURCE_DATE_EPOCH",
        "it is not a number of seconds since 1970",
        "set it to digits only, or unset it",
        null);
  }

  FileTime fileTime() {
    return FileTime.from(instant);
  }
}
