package dev.modelbake.testing;

import java.util.ArrayList;
import java.util.List;

/** As much of a shell as documents need: words, quotes, comments, lines that go on, and pipes. */
final class ShellWords {
  private final String script;
  private final List<List<String>> commands = new ArrayList<>();
  private List<String> command = new ArrayList<>();
  private final StringBuilder word = new StringBuilder();
  private boolean inWord;
  private boolean redirected;

  private ShellWords(String script) {
    this.script = script.replace("\\\n", " ");
  }

  /** The words of each simple command, without redirections. */
  static List<List<String>> commands(String script) {
    return new ShellWords(script).read();
  }

  private List<List<String>> read() {
    for (int i = 0; i < script.length(); i++) {
      char c = script.charAt(i);
      if (c == '\'' || c == '"') {
        int end = script.indexOf(c, i + 1);
        add(script.substring(i + 1, end < 0 ? script.length() : end));
        i = end < 0 ? script.length() : end;
      } else if (c == '#' && !inWord) {
        int end = script.indexOf('\n', i);
        i = end < 0 ? script.length() : end - 1;
      } else if ("\n;|&()".indexOf(c) >= 0) {
        endCommand();
      } else if (c == '<' || c == '>') {
        // A descriptor before it belongs to it, and so does the next word.
        if (!word.toString().matches("\\d*")) {
          endWord();
        }
        word.setLength(0);
        inWord = false;
        redirected = true;
      } else if (Character.isWhitespace(c)) {
        endWord();
      } else {
        add(String.valueOf(c));
      }
    }
    endCommand();
    return commands;
  }

  private void add(String text) {
    word.append(text);
    inWord = true;
  }

  private void endWord() {
    if (inWord && !redirected) {
      command.add(word.toString());
    }
    redirected &= !inWord;
    word.setLength(0);
    inWord = false;
  }

  private void endCommand() {
    endWord();
    redirected = false;
    if (!command.isEmpty()) {
      commands.add(List.copyOf(command));
    }
    command = new ArrayList<>();
  }
}
