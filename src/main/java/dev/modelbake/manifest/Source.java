package dev.modelbake.manifest;

import org.snakeyaml.engine.v2.exceptions.Mark;

/** A text with its places: the engine counts characters, a string counts halves of some. */
final class Source {
  private static final String BYTE_ORDER_MARK = "\uFEFF";

  private final boolean marked;
  private final String plain;
  private final boolean wide;

  Source(String text) {
    this.marked = text.startsWith(BYTE_ORDER_MARK);
    this.plain = marked ? text.substring(1) : text;
    this.wide = plain.codePointCount(0, plain.length()) != plain.length();
  }

  /** The text without a byte order mark. */
  String plain() {
    return plain;
  }

  /** Another text, with a byte order mark when this one had it. */
  String withMark(String other) {
    return marked ? BYTE_ORDER_MARK + other : other;
  }

  /** The index of a place. */
  int offset(Mark mark) {
    return wide ? plain.offsetByCodePoints(0, mark.getIndex()) : mark.getIndex();
  }

  /** The end of the line of an index, before its line feed. */
  int lineEnd(int index) {
    int end = plain.indexOf('\n', index);
    if (end < 0) {
      return plain.length();
    }
    return end > 0 && end > index && plain.charAt(end - 1) == '\r' ? end - 1 : end;
  }

  /** The index behind the last character before an index that is no white space. */
  int lastBefore(int index) {
    int last = index;
    while (last > 0 && Character.isWhitespace(plain.charAt(last - 1))) {
      last--;
    }
    return last;
  }

  /** The line end that the text uses. */
  String newline() {
    return plain.contains("\r\n") ? "\r\n" : "\n";
  }
}
