package dev.modelbake.guard;

import dev.modelbake.guard.Attempt.Caller;
import dev.modelbake.guard.Attempt.Sight;
import dev.modelbake.guard.Attempt.Verdict;
import dev.modelbake.json.Json;
import dev.modelbake.json.JsonArray;
import dev.modelbake.json.JsonBounds;
import dev.modelbake.json.JsonException;
import dev.modelbake.json.JsonObject;
import dev.modelbake.json.JsonReader;
import dev.modelbake.json.JsonString;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * What the hook noted in all Pythons of a run. The notes come from the command, so nothing of them
 * is believed to be well formed: what cannot be understood is counted and passed over.
 *
 * @param faults events that the hook failed to look at, and why
 * @param lost lines, or whole files beyond the bounds, that were not understood
 * @param more what processes counted after {@link #MOST_DIFFERENT} different notes
 */
record Notes(
    List<Attempt> attempts,
    List<Started> started,
    List<Blind> blind,
    List<Requested> requested,
    List<Ordered> ordered,
    List<Path> written,
    List<String> faults,
    long lost,
    long more) {
  /** Nobody noted anything. */
  static final Notes NONE =
      new Notes(List.of(), List.of(), List.of(), List.of(), List.of(), List.of(), List.of(), 0, 0);

  /** As many different ones the hook keeps in a process. */
  static final int MOST_DIFFERENT = 1000;

  private static final int MOST_FILES = 20_000;
  private static final long MOST_BYTES = 64L << 20;
  private static final int MOST_LINE = 256 << 10;
  private static final JsonBounds BOUNDS = new JsonBounds(MOST_LINE, 4);

  Notes {
    attempts = List.copyOf(attempts);
    started = List.copyOf(started);
    blind = List.copyOf(blind);
    requested = List.copyOf(requested);
    ordered = List.copyOf(ordered);
    written = List.copyOf(written);
    faults = List.copyOf(faults);
  }

  /**
   * A Python in which the hook began to listen.
   *
   * @param packages directories in which it looks for packages
   */
  record Started(long pid, String executable, String version, List<Path> packages) {
    Started {
      packages = List.copyOf(packages);
    }
  }

  /** A program that a Python started past the hook. */
  record Blind(String program, String why) {}

  /**
   * A request that a Python made.
   *
   * @param nanos when, since 1970
   * @param library whose code asked for it
   */
  record Requested(String method, String url, long nanos, Optional<String> library) {}

  /** Reads all files of a directory, in the order of their names. */
  static Notes read(Path directory) throws IOException {
    Gathering gathering = new Gathering();
    List<Path> files;
    try (Stream<Path> list = Files.list(directory)) {
      files = list.sorted(Comparator.comparing(Path::toString)).toList();
    }
    long left = MOST_BYTES;
    for (Path file : files.subList(0, Math.min(files.size(), MOST_FILES))) {
      if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
        continue;
      }
      try (InputStream in = Files.newInputStream(file)) {
        byte[] bytes = in.readNBytes((int) Math.max(0, Math.min(left, Integer.MAX_VALUE - 8)));
        left -= bytes.length;
        new String(bytes, StandardCharsets.US_ASCII).lines().forEach(gathering::line);
      }
    }
    gathering.lost += Math.max(0, files.size() - MOST_FILES) + (left <= 0 ? 1 : 0);
    return gathering.notes();
  }

  /** Lines as they become values. */
  private static final class Gathering {
    private final List<Attempt> attempts = new ArrayList<>();
    private final List<Started> started = new ArrayList<>();
    private final List<Blind> blind = new ArrayList<>();
    private final List<Requested> requested = new ArrayList<>();
    private final List<Ordered> ordered = new ArrayList<>();
    private final List<Path> written = new ArrayList<>();
    private final List<String> faults = new ArrayList<>();
    private long lost;
    private long more;

    void line(String line) {
      try {
        Json json = JsonReader.read(line.getBytes(StandardCharsets.US_ASCII), BOUNDS);
        if (json instanceof JsonObject note) {
          take(note);
        } else {
          lost++;
        }
      } catch (JsonException | IllegalArgumentException e) {
        lost++; // cut by a kill, or written by somebody else
      }
    }

    private void take(JsonObject note) throws JsonException {
      switch (text(note, "type")) {
        case "attempt" -> attempts.add(attempt(note));
        case "started" ->
            started.add(
                new Started(
                    number(note, "pid"),
                    text(note, "executable"),
                    text(note, "version"),
                    texts(note, "path").stream().map(Path::of).toList()));
        case "blind" -> blind.add(new Blind(text(note, "program"), text(note, "why")));
        case "url" ->
            requested.add(
                new Requested(
                    text(note, "method"),
                    text(note, "url"),
                    number(note, "time"),
                    note.string("file").flatMap(Gathering::library)));
        case "ordered" ->
            ordered.add(
                new Ordered(
                    text(note, "words"),
                    Path.of(text(note, "directory")),
                    note.string("file").flatMap(Gathering::library),
                    number(note, "time")));
        case "written" -> written.add(Path.of(text(note, "path")));
        case "fault" -> faults.add(text(note, "event") + " (" + text(note, "why") + ")");
        case "more" -> more += Math.max(1, number(note, "count"));
        default -> lost++;
      }
    }

    /** The package of a file below site-packages; code from a command line is of none. */
    private static Optional<String> library(String file) {
      return file.startsWith("/") || file.startsWith("<")
          ? Optional.empty()
          : Optional.of(file.split("/", 2)[0].replaceFirst("\\.py$", ""));
    }

    private static Attempt attempt(JsonObject note) throws JsonException {
      Optional<Caller> caller = Optional.empty();
      Optional<String> file = note.string("file");
      if (file.isPresent()) {
        caller =
            Optional.of(
                new Caller(
                    file.get(),
                    (int) number(note, "line"),
                    text(note, "function"),
                    note.string("through"),
                    texts(note, "stack")));
      }
      return new Attempt(
          text(note, "host"),
          (int) number(note, "port"),
          Verdict.valueOf(text(note, "verdict").toUpperCase(Locale.ROOT)),
          new TreeSet<>(List.of(Sight.valueOf(text(note, "how").toUpperCase(Locale.ROOT)))),
          note.string("url"),
          caller,
          Optional.of("python (" + number(note, "pid") + ")"),
          Math.max(1, number(note, "count")));
    }

    private static List<String> texts(JsonObject note, String name) throws JsonException {
      List<String> texts = new ArrayList<>();
      for (Json one : note.array(name).map(JsonArray::values).orElse(List.of())) {
        if (one instanceof JsonString text) {
          texts.add(text.value());
        }
      }
      return texts;
    }

    private static String text(JsonObject note, String name) throws JsonException {
      return note.string(name).orElse("");
    }

    private static long number(JsonObject note, String name) throws JsonException {
      return note.whole(name).orElse(0);
    }

    Notes notes() {
      return new Notes(attempts, started, blind, requested, ordered, written, faults, lost, more);
    }
  }
}
