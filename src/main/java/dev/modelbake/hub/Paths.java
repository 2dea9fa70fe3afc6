package dev.modelbake.hub;

import dev.modelbake.model.Printable;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/** The rules for paths that the hub tells; each is asked once. */
final class Paths {
  private static final int LONGEST_NAME = 255;
  private static final int LONGEST_PATH = 4096;
  private static final int QUOTE = 200;

  private final Set<String> files = new HashSet<>();
  private final Set<String> directories = new HashSet<>();

  /** What is wrong with a path, the path itself included; empty when it may be written. */
  Optional<String> refusal(String path) {
    return reason(path).map(why -> "the path \"" + Printable.of(path, QUOTE) + "\" " + why);
  }

  private Optional<String> reason(String path) {
    if (path.startsWith("/")) {
      return Optional.of("is absolute");
    }
    if (path.indexOf('\\') >= 0) {
      return Optional.of("has a backslash");
    }
    if (path.codePoints().anyMatch(Paths::isHidden)) {
      return Optional.of("has a control character, or one that cannot be seen");
    }
    if (bytes(path) > LONGEST_PATH) {
      return Optional.of("has more than %d bytes".formatted(LONGEST_PATH));
    }
    for (String name : path.split("/", -1)) {
      Optional<String> reason = reasonOfName(name);
      if (reason.isPresent()) {
        return reason;
      }
    }
    return take(path);
  }

  private static Optional<String> reasonOfName(String name) {
    if (name.isEmpty()) {
      return Optional.of("has an empty name");
    }
    if (name.equals("..")) {
      return Optional.of("leaves its directory");
    }
    if (name.equals(".")) {
      return Optional.of("has a name that is only a dot");
    }
    if (name.equalsIgnoreCase(".modelbake")) {
      return Optional.of("has the name of modelbake's own staging directory");
    }
    return bytes(name) > LONGEST_NAME
        ? Optional.of("has a name of more than %d bytes".formatted(LONGEST_NAME))
        : Optional.empty();
  }

  private Optional<String> take(String path) {
    if (!files.add(path)) {
      return Optional.of("comes twice");
    }
    boolean both = directories.contains(path);
    for (int at = path.lastIndexOf('/'); at > 0; at = path.lastIndexOf('/', at - 1)) {
      String directory = path.substring(0, at);
      both = both || files.contains(directory);
      if (!directories.add(directory)) {
        break;
      }
    }
    return both ? Optional.of("is below a file, or a file and a directory") : Optional.empty();
  }

  private static boolean isHidden(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          true;
      default -> c == 0xFFFD;
    };
  }

  private static int bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }
}
