package dev.modelbake.model;

/** Makes foreign text safe to print: nothing of it can move a cursor, end a line or hide. */
public final class Printable {
  private Printable() {}

  /** The text with control, bidi and unpaired surrogate characters escaped, cut at a length. */
  public static String of(String text, int most) {
    StringBuilder safe = new StringBuilder();
    for (int i = 0; i < text.length() && safe.length() < most; ) {
      int c = text.codePointAt(i);
      i += Character.charCount(c);
      int type = Character.getType(c);
      boolean hidden =
          type == Character.CONTROL
              || type == Character.FORMAT
              || type == Character.SURROGATE
              || type == Character.LINE_SEPARATOR
              || type == Character.PARAGRAPH_SEPARATOR;
      if (hidden) {
        safe.append(c < 0x100 ? "\\x%02x".formatted(c) : "\\u%04x".formatted(c));
      } else {
        safe.appendCodePoint(c);
      }
    }
    if (safe.length() <= most && text.length() <= most) {
      return safe.toString();
    }
    int end = Math.min(safe.length(), most);
    boolean halved = end > 0 && Character.isHighSurrogate(safe.charAt(end - 1));
    return safe.substring(0, halved ? end - 1 : end) + "…";
  }
}
