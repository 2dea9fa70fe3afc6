package dev.modelbake.cli;

import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What standard error is connected to.
 *
 * @param columns 20 to 1000
 * @param rows 5 to 1000
 */
record Terminal(Kind kind, int columns, int rows, Glyphs glyphs) {
  enum Kind {
    /** A file, a pipe, a build log. */
    NONE,
    /** A terminal that cannot move its cursor. */
    DUMB,
    ANSI
  }

  /** Which characters a bar is drawn with. */
  enum Glyphs {
    ASCII,
    UNICODE
  }

  private static final int COLUMNS = 80;
  private static final int ROWS = 24;
  private static final Pattern SIZE = Pattern.compile("(\\d{1,5}) (\\d{1,5})\\s*");

  Terminal {
    columns = Math.max(20, Math.min(1000, columns));
    rows = Math.max(5, Math.min(1000, rows));
  }

  /** Not a terminal. */
  static Terminal none() {
    return new Terminal(Kind.NONE, COLUMNS, ROWS, Glyphs.ASCII);
  }

  /**
   * Looks at standard error. Java 17 has no call that does, and its Console speaks of the other two
   * streams; so the kernel is asked, or the system's own programs.
   */
  static Terminal ofStandardError(Map<String, String> environment) {
    if (!isTerminal(2)) {
      return none();
    }
    String term = environment.getOrDefault("TERM", "");
    Kind kind = term.isEmpty() || term.equals("dumb") ? Kind.DUMB : Kind.ANSI;
    Optional<Matcher> size =
        number(environment, "COLUMNS").isPresent() ? Optional.empty() : askSize();
    return new Terminal(
        kind,
        number(environment, "COLUMNS")
            .or(() -> size.map(found -> Integer.valueOf(found.group(2))).filter(n -> n > 0))
            .orElse(COLUMNS),
        number(environment, "LINES")
            .or(() -> size.map(found -> Integer.valueOf(found.group(1))).filter(n -> n > 0))
            .orElse(ROWS),
        glyphs(environment));
  }

  /** How wide a text on standard output may be: 80 where nobody knows. */
  static int columnsOfStandardOutput(Map<String, String> environment) {
    return number(environment, "COLUMNS")
        .orElseGet(() -> widthOfStandardOutput(environment).orElse(COLUMNS));
  }

  /** How wide standard output is, when it is a terminal. */
  static OptionalInt widthOfStandardOutput(Map<String, String> environment) {
    if (!isTerminal(1)) {
      return OptionalInt.empty();
    }
    return OptionalInt.of(
        number(environment, "COLUMNS")
            .or(() -> askSize().map(size -> Integer.valueOf(size.group(2))).filter(n -> n > 0))
            .orElse(COLUMNS));
  }

  static Glyphs glyphs(Map<String, String> environment) {
    String locale = Output.locale(environment).toLowerCase(Locale.ROOT);
    return locale.contains("utf-8") || locale.contains("utf8") ? Glyphs.UNICODE : Glyphs.ASCII;
  }

  private static Optional<Integer> number(Map<String, String> environment, String name) {
    String value = environment.getOrDefault(name, "");
    return value.matches("[1-9][0-9]{0,4}")
        ? Optional.of(Integer.valueOf(value))
        : Optional.empty();
  }

  private static boolean isTerminal(int standard) {
    Path descriptor = Path.of("/proc/self/fd/" + standard);
    if (Files.exists(descriptor, LinkOption.NOFOLLOW_LINKS)) {
      try {
        String target = Files.readSymbolicLink(descriptor).toString();
        if (target.startsWith("/dev/pts/") || target.startsWith("/dev/tty")) {
          return true;
        }
        if (target.startsWith("pipe:")
            || target.startsWith("socket:")
            || target.equals("/dev/null")
            || Files.isRegularFile(descriptor)) {
          return false;
        }
      } catch (IOException e) {
        // No answer from here: ask the program below.
      }
    }
    // A terminal of another mount namespace has a name of any form; other systems have no /proc.
    ProcessBuilder test = new ProcessBuilder("test", "-t", Integer.toString(standard));
    return run(standard == 2
            ? test.redirectError(Redirect.INHERIT)
            : test.redirectOutput(Redirect.INHERIT))
        .isPresent();
  }

  private static Optional<Matcher> askSize() {
    ProcessBuilder stty =
        new ProcessBuilder("stty", "size").redirectInput(Redirect.from(new File("/dev/tty")));
    return run(stty.redirectError(Redirect.DISCARD)).map(SIZE::matcher).filter(Matcher::matches);
  }

  /** What a program prints, when it ends well within a second. */
  private static Optional<String> run(ProcessBuilder command) {
    try {
      Process process = command.start();
      try {
        if (!process.waitFor(1, TimeUnit.SECONDS) || process.exitValue() != 0) {
          return Optional.empty();
        }
        byte[] printed = process.getInputStream().readNBytes(100);
        return Optional.of(new String(printed, StandardCharsets.US_ASCII));
      } finally {
        process.destroyForcibly();
      }
    } catch (IOException e) {
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }
}
