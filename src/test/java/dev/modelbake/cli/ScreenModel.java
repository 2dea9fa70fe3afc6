package dev.modelbake.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a terminal shows after some text; knows only the sequences that we send. */
final class ScreenModel {
  private static final Pattern TOKEN =
      Pattern.compile("\u001b\\[(\\d+)A|\u001b\\[K|\u001b\\[J|\r|\n|[^\u001b\r\n]+");

  private final List<StringBuilder> rows = new ArrayList<>();
  private int row;
  private int column;

  private ScreenModel() {
    rows.add(new StringBuilder());
  }

  static ScreenModel after(String text) {
    ScreenModel screen = new ScreenModel();
    Matcher token = TOKEN.matcher(text);
    int end = 0;
    while (token.find()) {
      if (token.start() != end) {
        break;
      }
      end = token.end();
      screen.obey(token);
    }
    if (end != text.length()) {
      throw new AssertionError("an unknown sequence at " + end);
    }
    return screen;
  }

  private void obey(Matcher token) {
    String text = token.group();
    if (token.group(1) != null) {
      row -= Integer.parseInt(token.group(1));
    } else if (text.equals("\u001b[K")) {
      rows.get(row).setLength(Math.min(rows.get(row).length(), column));
    } else if (text.equals("\u001b[J")) {
      rows.get(row).setLength(Math.min(rows.get(row).length(), column));
      while (rows.size() > row + 1) {
        rows.remove(rows.size() - 1);
      }
    } else if (text.equals("\r")) {
      column = 0;
    } else if (text.equals("\n")) {
      row++;
      column = 0;
      if (row == rows.size()) {
        rows.add(new StringBuilder());
      }
    } else {
      StringBuilder line = rows.get(row);
      line.replace(column, Math.min(line.length(), column + text.length()), text);
      column += text.length();
    }
  }

  /** The rows above the cursor's, and its own and those below when anything is on them. */
  List<String> lines() {
    List<String> lines = new ArrayList<>(rows.stream().map(StringBuilder::toString).toList());
    while (!lines.isEmpty() && lines.get(lines.size() - 1).isEmpty()) {
      lines.remove(lines.size() - 1);
    }
    return lines;
  }

  int row() {
    return row;
  }

  int column() {
    return column;
  }
}
