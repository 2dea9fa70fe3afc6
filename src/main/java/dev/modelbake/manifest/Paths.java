package dev.modelbake.manifest;

import dev.modelbake.model.Text;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads paths below a directory, which they cannot leave. */
final class Paths {
  static final String STAGING = ".modelbake";

  private static final int MOST_BYTES_OF_NAME = 255;
  private static final int MOST_BYTES_OF_PATH = 4096;

  private final Problems problems;

  Paths(Problems problems) {
    this.problems = problems;
  }

  /** The path of a file, without empty segments and {@code .}; never empty. */
  Optional<String> file(Text text) {
    Optional<String> path = directory(text);
    if (path.isPresent() && (path.get().isEmpty() || text.value().endsWith("/"))) {
      return wrong(
          text, "path-syntax", "the path names a directory", "write the name of the file as well");
    }
    return path;
  }

  /** The path of a directory, without empty segments and {@code .}; empty for the base itself. */
  Optional<String> directory(Text text) {
    String path = text.value();
    if (path.startsWith("/")) {
      return wrong(
          text,
          "path-leaves",
          "the path is absolute",
          "write it relative to dir, and the rest into dir");
    }
    if (path.startsWith("~") || path.contains("${")) {
      return wrong(
          text,
          "path-syntax",
          "a path is taken as it stands: ~ and ${…} mean nothing in it",
          "write them in dir");
    }
    Optional<String> hidden = Characters.firstHidden(path);
    if (hidden.isPresent()) {
      return wrong(
          text,
          "hidden-character",
          "the path holds the character %s, which cannot be seen".formatted(hidden.get()),
          "give a path without it");
    }
    if (path.indexOf('\\') >= 0) {
      return wrong(
          text,
          "path-syntax",
          "the path has a backslash",
          "separate directories with /: " + Problems.quoted(path.replace('\\', '/')));
    }
    return segments(text);
  }

  private Optional<String> segments(Text text) {
    List<String> kept = new ArrayList<>();
    for (String segment : text.value().split("/", -1)) {
      if (segment.equals("..")) {
        return wrong(
            text,
            "path-leaves",
            "the path has .. in it",
            "write it without; a path stays below dir");
      }
      if (segment.equals(STAGING)) {
        return wrong(
            text,
            "path-reserved",
            "%s is where files are staged".formatted(STAGING),
            "choose another name");
      }
      if (bytes(segment) > MOST_BYTES_OF_NAME) {
        return wrong(
            text,
            "path-too-long",
            "a name in the path has more than %d bytes".formatted(MOST_BYTES_OF_NAME),
            "choose a shorter name");
      }
      if (!segment.isEmpty() && !segment.equals(".")) {
        kept.add(segment);
      }
    }
    String path = String.join("/", kept);
    if (bytes(path) > MOST_BYTES_OF_PATH) {
      return wrong(
          text,
          "path-too-long",
          "the path has more than %d bytes".formatted(MOST_BYTES_OF_PATH),
          "choose a shorter one");
    }
    return Optional.of(path);
  }

  private static int bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }

  private Optional<String> wrong(Text text, String rule, String what, String remedy) {
    problems.error(text.at(), rule, what, remedy);
    return Optional.empty();
  }
}
