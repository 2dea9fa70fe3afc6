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
    int from = 0;
    for (int start = value.indexOf("${"); start >= 0; start = value.indexOf("${", from)) {
      int end = value.indexOf('}', start);
      if (end < 0) {
        return wrong(text, "variable-syntax", "a ${ is not closed", "write ${NAME}");
      }
      if (!isVariable(text, value.substring(start + 2, end))) {
        return Optional.empty();
      }
      from = end + 1;
    }
    return Optional.of(text);
  }

  /** Whether this is what stands between the braces of a variable; what is wrong is told. */
  private boolean isVariable(Text text, String inner) {
    if (inner.startsWith("python:")) {
      wrong(
          text,
          "not-supported",
          "${python:…} is not supported yet by this version",
          "write the directory of the package");
      return false;
    }
    int mark = inner.indexOf(":-");
    String name = mark < 0 ? inner : inner.substring(0, mark);
    if (mark >= 0 && inner.contains("${")) {
      wrong(
          text,
          "variable-syntax",
          "a variable's default holds another variable",
          "write ${NAME:-default} with a plain default");
      return false;
    }
    if (!NAME.matcher(name).matches()) {
      wrong(
          text,
          "variable-syntax",
          "%s is no variable".formatted(Problems.quoted("${" + inner + "}")),
          "write ${NAME} or ${NAME:-default}");
      return false;
    }
    return true;
  }

  private Optional<Text> wrong(Text text, String rule, String what, String remedy) {
    problems.error(text.at(), rule, what, remedy);
    return Optional.empty();
  }
}
