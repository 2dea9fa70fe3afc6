package dev.modelbake.cli;

/**
 * Text for a terminal, broken at spaces rather than wherever the terminal ends, so that words,
 * paths and URLs stay whole. What is longer than a line is left to the terminal.
 */
final class Folded {
  /** A line of less is no longer read. */
  private static final int NARROWEST = 60;

  private static final int HANGING = 2;

  private Folded() {}

  /** One line as the lines it takes; those that go on are set in. */
  static String at(int columns, String line) {
    if (columns < NARROWEST || width(line) <= columns) {
      return line;
    }
    String text = line.stripLeading();
    int margin = line.length() - text.length();
    String indent = " ".repeat(margin + HANGING);
    StringBuilder folded = new StringBuilder(line.substring(0, margin));
    int column = margin;
    boolean first = true;
    for (String word : text.split(" ", -1)) {
      int width = width(word);
      if (!first && column + 1 + width > columns) {
        folded.append('\n').append(indent);
        column = indent.length();
      } else if (!first) {
        folded.append(' ');
        column++;
      }
      folded.append(word);
      column += width;
      first = false;
    }
    return folded.toString();
  }

  /** Colours take no room. */
  private static int width(String text) {
    return ProgressCells.width(Style.without(text));
  }
}
