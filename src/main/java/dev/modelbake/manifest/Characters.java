package dev.modelbake.manifest;

import java.util.Optional;

/** Which characters a value of a manifest may hold. */
final class Characters {
  private Characters() {}

  /** The first character that would not show, or would change how others show, as U+XXXX. */
  static Optional<String> firstHidden(String text) {
    return text.codePoints().filter(Characters::isHidden).mapToObj("U+%04X"::formatted).findFirst();
  }

  private static boolean isHidden(int c) {
    int type = Character.getType(c);
    return type == Character.CONTROL
        || type == Character.FORMAT
        || type == Character.SURROGATE
        || type == Character.LINE_SEPARATOR
        || type == Character.PARAGRAPH_SEPARATOR;
  }
}
