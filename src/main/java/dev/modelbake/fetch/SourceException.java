package dev.modelbake.fetch;

import dev.modelbake.model.Digest;
import dev.modelbake.model.FailureKind;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** A source that is given up. */
final class SourceException extends Exception {
  private static final long serialVersionUID = 1L;

  private final FailureKind kind;
  private final transient Optional<Digest> actual;
  private final transient OptionalLong size;

  SourceException(FailureKind kind, String what, @Nullable Throwable cause) {
    super(what, cause);
    this.kind = kind;
    actual = Optional.empty();
    size = OptionalLong.empty();
  }

  /** Wrong bytes, of which digest or size are known. */
  SourceException(String what, Optional<Digest> actual, OptionalLong size) {
    super(what);
    kind = FailureKind.INTEGRITY;
    this.actual = actual;
    this.size = size;
  }

  FailureKind kind() {
    return kind;
  }

  /** The message, printable. */
  String what() {
    return String.valueOf(getMessage());
  }

  /** The SHA-256 of wrong bytes. */
  Optional<Digest> actual() {
    return actual;
  }

  /** The size of wrong bytes. */
  OptionalLong size() {
    return size;
  }
}
