package dev.modelbake.guard;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Ties a command to the life of this process: when it is killed, so is the command. Java has no
 * prctl(2), but setpriv(1) of util-linux has, and becomes the command; without it the command is
 * left alone.
 */
final class Tether {
  private static final List<Path> PLACES =
      List.of(Path.of("/usr/bin/setpriv"), Path.of("/bin/setpriv"));

  /** Older ones, and those of others, do not know the option. */
  private static final String OPTION = "pdeathsig";

  private static final List<String> ARGUMENTS = List.of("--" + OPTION, "KILL", "--");

  private static final long MOST_BYTES = 4 << 20;

  private Tether() {}

  /** The words that start a command, tied where that can be done. */
  static List<String> tied(List<String> command) {
    List<String> words = new ArrayList<>();
    PLACES.stream()
        .filter(Tether::knows)
        .findFirst()
        .ifPresent(
            setpriv -> {
              words.add(setpriv.toString());
              words.addAll(ARGUMENTS);
            });
    words.addAll(command);
    return words;
  }

  /** Whether a command line is that of a process which is about to become the command. */
  static boolean isIn(String line) {
    String arguments = " " + String.join(" ", ARGUMENTS) + " ";
    return PLACES.stream().anyMatch(setpriv -> line.startsWith(setpriv + arguments));
  }

  private static boolean knows(Path setpriv) {
    try {
      // One program of many names reads it, too, and understands less.
      boolean own = setpriv.toRealPath().endsWith("setpriv") && Files.isExecutable(setpriv);
      return own
          && Files.size(setpriv) < MOST_BYTES
          && Files.readString(setpriv, StandardCharsets.ISO_8859_1).contains(OPTION);
    } catch (IOException e) {
      return false;
    }
  }
}
