package dev.modelbake.report;

import java.util.ArrayList;
import java.util.List;

/** Rows of cells in columns; a row may be followed by lines of its own, which no column binds. */
final class Table {
  private final List<List<String>> rows = new ArrayList<>();
  private final List<List<String>> notes = new ArrayList<>();

  /** A row; the last cell is never padded. */
  void row(List<String> cells) {
    rows.add(List.copyOf(cells));
    notes.add(new ArrayList<>());
  }

  /** A line below the last row. */
  void note(String line) {
    notes.get(notes.size() - 1).add(line);
  }

  void appendTo(StringBuilder out) {
    int[] widths = widths();
    for (int i = 0; i < rows.size(); i++) {
      List<String> row = rows.get(i);
      StringBuilder line = new StringBuilder();
      for (int column = 0; column < row.size(); column++) {
        line.append(row.get(column));
        if (column < row.size() - 1) {
          line.append(" ".repeat(widths[column] - length(row.get(column)) + 2));
        }
      }
      out.append(line.toString().stripTrailing()).append('\n');
      notes.get(i).forEach(note -> out.append("    ").append(note).append('\n'));
    }
  }

  private int[] widths() {
    int[] widths = new int[rows.stream().mapToInt(List::size).max().orElse(0)];
    for (List<String> row : rows) {
      for (int column = 0; column < row.size(); column++) {
        widths[column] = Math.max(widths[column], length(row.get(column)));
      }
    }
    return widths;
  }

  private static int length(String cell) {
    return cell.codePointCount(0, cell.length());
  }
}
