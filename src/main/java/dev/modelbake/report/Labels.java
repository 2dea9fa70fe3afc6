package dev.modelbake.report;

import dev.modelbake.model.FailureKind;
import dev.modelbake.model.Printable;
import java.util.Locale;

/** The names of constants as they are written, and foreign text as it is printed. */
public final class Labels {
  private static final int TEXT = 4096;
  private static final int LINE = 600;

  private Labels() {}

  /** A constant in lower case with hyphens, such as {@code cannot-create}: the form in JSON. */
  static String of(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** A kind of failure as people read it, in brackets. */
  public static String bracketed(FailureKind kind) {
    return "[" + of(kind).replace('-', ' ') + "]";
  }

  /** A name, path or URL: printable, cut only where no honest one goes. */
  public static String text(String foreign) {
    return Printable.of(foreign, TEXT);
  }

  /** A sentence: printable and short enough for one line of a log. */
  public static String line(String foreign) {
    return Printable.of(foreign, LINE);
  }
}
