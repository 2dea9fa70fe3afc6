package dev.modelbake.whole;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Text from outside that would take a terminal over, or pass for a line of ours. */
final class Foreign {
  /** What a terminal obeys: a title, a colour by a C1 control, a line back, and directions. */
  static final String LINE =
      "\u001b]0;pwned\u0007\u009b31m\rOK\u0085\u202egnp\u2028\u2066\u200b\u007f";

  /** The same with a line of its own. */
  static final String LINES = LINE + "\r\nOK model verified\n" + LINE;

  /** Cursor, clearing and colours: what bars are drawn with. */
  private static final Pattern OURS = Pattern.compile("\u001b\\[[0-9;]*[AJKm]|\r");

  private Foreign() {}

  /** Where a text has any of it, with what stands around. */
  static List<String> in(String where, String text) {
    List<String> found = new ArrayList<>();
    for (int i = 0; i < text.length() && found.size() < 5; ) {
      int c = text.codePointAt(i);
      i += Character.charCount(c);
      if (c != '\n' && isHidden(c)) {
        String around = text.substring(Math.max(0, i - 120), i - 1);
        found.add("%s: U+%04X behind …%s".formatted(where, c, around));
      }
    }
    if (text.lines().anyMatch(line -> line.startsWith("OK"))) {
      found.add(where + ": a line that is not ours");
    }
    return found;
  }

  /** The same of what was drawn on a terminal. */
  static List<String> drawn(String where, String text) {
    return in(where, OURS.matcher(text).replaceAll(""));
  }

  static void assertNone(String what, List<String> found) {
    assertEquals(List.of(), found, what);
  }

  private static boolean isHidden(int c) {
    int type = Character.getType(c);
    return type == Character.CONTROL
        || type == Character.FORMAT
        || type == Character.SURROGATE
        || type == Character.LINE_SEPARATOR
        || type == Character.PARAGRAPH_SEPARATOR;
  }

  /** A text as a string of YAML or JSON. */
  static String quoted(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean plain = c >= ' ' && c < 0x7f && c != '"' && c != '\\';
      quoted.append(plain ? String.valueOf(c) : "\\u%04x".formatted((int) c));
    }
    return quoted.append('"').toString();
  }
}
