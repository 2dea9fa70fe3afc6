package dev.modelbake.guard;

import dev.modelbake.model.SourceUrl;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * A command line of a program, such as {@code curl -o DIR/FILE URL}: what it may fetch, and where
 * it may put it. No program's options are known here: every word may be a file.
 *
 * @param directory in which it runs
 * @param library that started it
 * @param nanos when, since 1970
 */
record Ordered(String line, Path directory, Optional<String> library, long nanos) {
  private static final Pattern URL = Pattern.compile("https?://[^\\s'\"<>|`]+");

  /** What a shell or a program may put behind a URL. */
  private static final Pattern BEHIND = Pattern.compile("[;,)\\]}]+$");

  private static final Pattern BETWEEN = Pattern.compile("[\\s'\"=;<>|&()]+");
  private static final int MOST_URLS = 50;
  private static final int MOST_WORDS = 200;

  /** The web addresses in it, as they stand there. */
  List<String> urls() {
    return URL.matcher(line)
        .results()
        .map(MatchResult::group)
        .map(url -> BEHIND.matcher(url).replaceFirst(""))
        .distinct()
        .limit(MOST_URLS)
        .toList();
  }

  /**
   * Where its downloads may lie: what it names, and the last part of a URL in a directory of it.
   */
  Set<Path> files() {
    Set<Path> files = new LinkedHashSet<>();
    List<String> urls = urls();
    if (urls.isEmpty()) {
      return files;
    }
    List<String> names =
        urls.stream()
            .flatMap(url -> CleanUrl.of(url).stream())
            .map(SourceUrl::fileName)
            .filter(name -> !name.isEmpty())
            .toList();
    Set<Path> directories = new LinkedHashSet<>(List.of(directory));
    Arrays.stream(BETWEEN.split(line))
        .limit(MOST_WORDS)
        .filter(word -> !word.isEmpty() && !word.contains("://"))
        .flatMap(word -> at(directory, word).stream())
        .forEach(path -> (Files.isDirectory(path) ? directories : files).add(path));
    for (Path one : directories) {
      names.forEach(name -> at(one, name).ifPresent(files::add));
    }
    return files;
  }

  private static Optional<Path> at(Path directory, String name) {
    try {
      return Optional.of(directory.resolve(name).normalize());
    } catch (InvalidPathException e) {
      return Optional.empty();
    }
  }
}
