package dev.modelbake.manifest;

import dev.modelbake.model.Text;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Checks the texts that say where: directories and the variables in them, which stay as written.
 */
final class Places {
  private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");
  private static final Pattern BARE = Pattern.compile("\\$[A-Za-z_]");
  private static final int MOST_BYTES = 4096;

  /** Variables within defaults of variables. */
  private static final int DEEPEST = 8;

  private static final String PYTHON = "python:";

  private final Problems problems;

  Places(Problems problems) {
    this.problems = problems;
  }

  /** A directory: absolute, or below {@code ~} or a variable. */
  Optional<Text> directory(Text text) {
    String value = text.value();
    boolean home = value.equals("~") || value.startsWith("~/");
    if (!home && !value.startsWith("/") && !value.startsWith("${")) {
      return wrong(
          text,
          "dir-relative",
          value.startsWith("~")
              ? "only ~ alone, the owner's home, is known"
              : "the directory is not absolute, so it would depend on where the command runs",
          "start it with /, ~/ or ${NAME}");
    }
    if (value.indexOf('\\') >= 0) {
      return wrong(text, "path-syntax", "the directory has a backslash", "separate with /");
    }
    List<String> segments = List.of(value.split("/", -1));
    if (segments.contains("..")) {
      return wrong(
          text, "path-leaves", "the directory has .. in it", "write the directory it leads to");
    }
    if (segments.contains(Paths.STAGING)) {
      return wrong(
          text,
          "path-reserved",
          "%s is where files are staged".formatted(Paths.STAGING),
          "choose another directory");
    }
    if (value.getBytes(StandardCharsets.UTF_8).length > MOST_BYTES) {
      return wrong(
          text,
          "path-too-long",
          "the directory has more than %d bytes".formatted(MOST_BYTES),
          "choose a shorter one");
    }
    return variables(text);
  }

  /** The home that {@code ~} means, so {@code ~} cannot be in it. */
  Optional<Text> home(Text text) {
    if (text.value().startsWith("~") || text.value().contains("${HOME}")) {
      return wrong(
          text, "home", "home says what ~ means, so it cannot use ~", "write home: /home/NAME");
    }
    return directory(text);
  }

  /** A text with {@code ${NAME}} and {@code ${NAME:-default}}. */
  Optional<Text> variables(Text text) {
    String value = text.value();
    if (BARE.matcher(value).find()) {
      return wrong(
          text, "variable-syntax", "a variable without braces is not replaced", "write ${NAME}");
    }
    return areVariables(text, value, 0) ? Optional.of(text) : Optional.empty();
  }

  /** Whether every variable in a part of the text is well formed; what is wrong is told. */
  private boolean areVariables(Text text, String part, int depth) {
    int from = 0;
    for (int start = part.indexOf("${"); start >= 0; start = part.indexOf("${", from)) {
      int end = closing(part, start + 2);
      if (end < 0) {
        wrong(text, "variable-syntax", "a ${ is not closed", "write ${NAME}");
        return false;
      }
      if (!isVariable(text, part.substring(start + 2, end), depth)) {
        return false;
      }
      from = end + 1;
    }
    return true;
  }

  /** Where the brace is that closes a variable; a default may hold variables itself. */
  private static int closing(String text, int from) {
    int open = 1;
    for (int i = from; i < text.length(); i++) {
      if (text.startsWith("${", i)) {
        open++;
      } else if (text.charAt(i) == '}' && --open == 0) {
        return i;
      }
    }
    return -1;
  }

  private boolean isVariable(Text text, String inner, int depth) {
    if (inner.startsWith(PYTHON)) {
      if (NAME.matcher(inner.substring(PYTHON.length())).matches()) {
        return true;
      }
      wrong(
          text,
          "variable-syntax",
          "%s names no Python package".formatted(Problems.quoted("${" + inner + "}")),
          "write ${python:PACKAGE} with a top-level package, such as ${python:rapidocr}");
      return false;
    }
    int mark = inner.indexOf(":-");
    String name = mark < 0 ? inner : inner.substring(0, mark);
    if (!NAME.matcher(name).matches() || depth == DEEPEST) {
      wrong(
          text,
          "variable-syntax",
          "%s is no variable".formatted(Problems.quoted("${" + inner + "}")),
          "write ${NAME} or ${NAME:-default}");
      return false;
    }
    return mark < 0 || areVariables(text, inner.substring(mark + 2), depth + 1);
  }

  private Optional<Text> wrong(Text text, String rule, String what, String remedy) {
    problems.error(text.at(), rule, what, remedy);
    return Optional.empty();
  }
}
