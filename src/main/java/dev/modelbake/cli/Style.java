package dev.modelbake.cli;

import java.util.Map;

/** Colours for a few meanings, or none. */
enum Style {
  PLAIN,
  COLORED;

  /**
   * The style to use. Colours that were asked for win over {@code NO_COLOR}, which speaks for those
   * who asked nothing.
   */
  static Style of(Colors colors, Terminal terminal, Map<String, String> environment) {
    boolean wanted = environment.getOrDefault("NO_COLOR", "").isEmpty();
    return switch (colors) {
      case ALWAYS -> COLORED;
      case NEVER -> PLAIN;
      case AUTO -> wanted && terminal.kind() == Terminal.Kind.ANSI ? COLORED : PLAIN;
    };
  }

  String good(String text) {
    return paint("32", text);
  }

  String warning(String text) {
    return paint("33", text);
  }

  String error(String text) {
    return paint("1;31", text);
  }

  String faint(String text) {
    return paint("2", text);
  }

  /** The text alone. */
  static String without(String text) {
    return text.indexOf('\u001b') < 0 ? text : text.replaceAll("\u001b\\[[0-9;]*m", "");
  }

  private String paint(String code, String text) {
    return this == COLORED && !text.isEmpty() ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
  }
}
