package dev.modelbake.cli;

/** Text by the columns it takes on a terminal, where a character may take none, one or two. */
final class ProgressCells {
  private ProgressCells() {}

  static int width(String text) {
    return text.codePoints().map(ProgressCells::width).sum();
  }

  /** The text, its beginning cut when it is too long, filled to exactly this width. */
  static String fit(String text, int columns) {
    String shown = text;
    if (width(text) > columns) {
      int from = 0;
      while (from < text.length() && width(text.substring(from)) > columns - 1) {
        from = text.offsetByCodePoints(from, 1);
      }
      shown = columns < 1 ? "" : "…" + text.substring(from);
    }
    return shown + " ".repeat(Math.max(0, columns - width(shown)));
  }

  /** The text at the right edge of exactly this width, when it is not longer. */
  static String right(String text, int columns) {
    return " ".repeat(Math.max(0, columns - width(text))) + text;
  }

  /** After Unicode's East Asian Width, in broad ranges: an error here only moves a bar. */
  private static int width(int c) {
    int type = Character.getType(c);
    if (type == Character.NON_SPACING_MARK || type == Character.ENCLOSING_MARK) {
      return 0;
    }
    boolean wide =
        (c >= 0x1100 && c <= 0x115f)
            || (c >= 0x2e80 && c <= 0xa4cf)
            || (c >= 0xac00 && c <= 0xd7a3)
            || (c >= 0xf900 && c <= 0xfaff)
            || (c >= 0xfe30 && c <= 0xfe6f)
            || (c >= 0xff00 && c <= 0xff60)
            || (c >= 0xffe0 && c <= 0xffe6)
            || (c >= 0x1f300 && c <= 0x1faff)
            || (c >= 0x20000 && c <= 0x3fffd);
    return wide ? 2 : 1;
  }
}
