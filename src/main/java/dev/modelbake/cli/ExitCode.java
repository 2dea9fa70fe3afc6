package dev.modelbake.cli;

import dev.modelbake.model.FailureKind;
import java.util.Arrays;

/**
 * What a command ends with; {@code docs/exit-codes.md} explains each.
 *
 * <p>The numbers are those of sysexits.h and our 79. They are above the JVM's own 1 and 3 and below
 * a shell's 126, so that each says one thing.
 */
enum ExitCode {
  OK(0),
  USAGE(64),
  INTEGRITY(65),
  MISSING(66),
  UNAVAILABLE(69),
  INTERNAL(70),
  CANNOT_CREATE(73),
  IO(74),
  TEMPORARY(75),
  AUTHENTICATION(77),
  CONFIGURATION(78),
  REFUSED(79),
  HANGUP(129),
  INTERRUPTED(130),
  TERMINATED(143);

  private final int number;

  ExitCode(int number) {
    this.number = number;
  }

  /** The number the process ends with. */
  int number() {
    return number;
  }

  /** Whether a code stands for a failure that is less grave; being stopped is not measured. */
  static boolean isLesser(int code, FailureKind than) {
    return Arrays.stream(FailureKind.values())
        .filter(kind -> kind != FailureKind.INTERRUPTED)
        .anyMatch(kind -> of(kind).number() == code && kind.compareTo(than) > 0);
  }

  /** The code of a failure. */
  static ExitCode of(FailureKind kind) {
    return switch (kind) {
      case INTERNAL -> INTERNAL;
      case REFUSED -> REFUSED;
      case INTEGRITY -> INTEGRITY;
      case IO -> IO;
      case CANNOT_CREATE -> CANNOT_CREATE;
      case AUTHENTICATION -> AUTHENTICATION;
      case CONFIGURATION -> CONFIGURATION;
      case MISSING -> MISSING;
      case TEMPORARY -> TEMPORARY;
      case UNAVAILABLE -> UNAVAILABLE;
      case USAGE -> USAGE;
      case INTERRUPTED -> INTERRUPTED;
    };
  }
}
