package dev.modelbake.manifest;

import java.util.Optional;

/** Which characters a value of a manifest may hold. */
final class Characters {
  private Characters() {}

  /** The first character that would not show, or would change how others show, as U+XXXX. */
  static Optional<String> firstHidden(String text) {
    for (int i = 0; i < text.length(); ) {
      int c = text.codePointAt(i);
      // Every text of a manifest is looked at, and nearly all of it is this.
      boolean common = c > ' ' && c < 0x7f;
      if (!common && isHidden(c)) {
        return Optional.of("U+%04X".formatted(c));
      }
      i += Character.charCount(c);
    }
    return Optional.empty();
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
