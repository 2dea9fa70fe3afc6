package dev.modelbake.cli;

import java.util.List;

/** Text for people on standard error: on a terminal folded, errors marked when it has colours. */
final class PeopleText {
  private static final String MARK = "error:";

  private final Session session;
  private final Terminal terminal;
  private final Style style;

  PeopleText(Session session, Colors colors) {
    this.session = session;
    this.terminal = Terminal.ofStandardError(session.environment());
    this.style = Style.of(colors, terminal, session.environment());
  }

  void print(String text) {
    print(text.lines().toList());
  }

  void print(List<String> lines) {
    for (String line : lines) {
      String marked =
          line.startsWith(MARK) ? style.error(MARK) + line.substring(MARK.length()) : line;
      boolean folds = terminal.kind() == Terminal.Kind.ANSI;
      session.err().line(folds ? Folded.at(terminal.columns(), marked) : marked);
    }
  }
}
