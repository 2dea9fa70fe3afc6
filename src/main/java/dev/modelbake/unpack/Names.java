package dev.modelbake.unpack;

import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** The rules for names in an archive; each name is asked once. */
final class Names {
  private static final int LONGEST_SEGMENT = 255;
  private static final int LONGEST_PATH = 4096;

  /** Deeper than any model, and what a walk from the root to each directory can bear. */
  private static final int MOST_SEGMENTS = 100;

  private final Refusal refusal;
  private final Budget budget;

  /** Directories in the form in which they came. */
  private final Set<String> directories = new HashSet<>();

  /** Folded path to what stands there: a file, or a directory (also one only implied). */
  private final Map<String, Taken> taken = new HashMap<>();

  private record Taken(String path, boolean directory) {}

  Names(Refusal refusal, Budget budget) {
    this.refusal = refusal;
    this.budget = budget;
  }

  /** The entry's path with single slashes and without a trailing one. */
  String clean(String name) {
    if (name.isEmpty()) {
      throw refusal.member(name, "has an empty name");
    }
    checkCharacters(name, name, "name");
    if (name.startsWith("/") || name.matches("[A-Za-z]:.*")) {
      throw refusal.member(name, "has an absolute name");
    }
    StringBuilder path = new StringBuilder();
    int segments = 0;
    for (String segment : name.split("/", -1)) {
      if (segment.isEmpty() || segment.equals(".")) {
        continue;
      }
      if (++segments > MOST_SEGMENTS) {
        throw refusal.member(name, "has a name of more than " + MOST_SEGMENTS + " parts");
      }
      checkSegment(name, segment);
      path.append(path.length() == 0 ? "" : "/").append(segment);
    }
    if (path.toString().getBytes(StandardCharsets.UTF_8).length > LONGEST_PATH) {
      throw refusal.member(name, "has a name of more than " + LONGEST_PATH + " bytes");
    }
    return path.toString();
  }

  /** The target of an entry that is a link, when it may be written as it is. */
  String target(String name, String target) {
    if (target.isEmpty() || target.startsWith("/")) {
      throw refusal.member(name, "is a link out of the tree");
    }
    checkCharacters(name, target, "target");
    if (target.getBytes(StandardCharsets.UTF_8).length >= LONGEST_PATH) {
      throw refusal.member(name, "has a target of " + LONGEST_PATH + " bytes or more");
    }
    budget.name(target);
    return target;
  }

  /**
   * Demands what any disk and terminal can take.
   *
   * @param what the text is: its name or its target
   */
  private void checkCharacters(String name, String text, String what) {
    if (text.indexOf('\\') >= 0) {
      throw refusal.member(name, "has a backslash in its " + what);
    }
    for (int i = 0; i < text.length(); ) {
      int c = text.codePointAt(i);
      i += Character.charCount(c);
      switch (Character.getType(c)) {
        case Character.CONTROL,
            Character.FORMAT,
            Character.LINE_SEPARATOR,
            Character.PARAGRAPH_SEPARATOR ->
            throw refusal.member(name, "has a control character in its " + what);
        case Character.SURROGATE ->
            throw refusal.member(name, "has a " + what + " that is not Unicode");
        default -> {
          if (c == 0xFFFD) {
            throw refusal.member(name, "has a " + what + " that is not UTF-8");
          }
        }
      }
    }
  }

  private void checkSegment(String name, String segment) {
    if (segment.equals("..")) {
      throw refusal.member(name, "leaves its directory");
    }
    if (segment.equalsIgnoreCase(".modelbake")) {
      throw refusal.member(name, "has the name of modelbake's own staging directory");
    }
    if (segment.getBytes(StandardCharsets.UTF_8).length > LONGEST_SEGMENT) {
      throw refusal.member(name, "has a name part of more than " + LONGEST_SEGMENT + " bytes");
    }
  }

  /** Takes a directory, which may come again or be implied by a file before. */
  void takeDirectory(String path) {
    if (directories.contains(path)) {
      return;
    }
    int slash = path.indexOf('/', known(path).length() + 1);
    for (; slash >= 0; slash = path.indexOf('/', slash + 1)) {
      takeOneDirectory(path.substring(0, slash));
    }
    takeOneDirectory(path);
  }

  /** The longest directory on the way to a path that was taken before, else nothing. */
  private String known(String path) {
    for (int slash = path.lastIndexOf('/'); slash > 0; slash = path.lastIndexOf('/', slash - 1)) {
      String directory = path.substring(0, slash);
      if (directories.contains(directory)) {
        return directory;
      }
    }
    return "";
  }

  private void takeOneDirectory(String path) {
    budget.name(path);
    Taken earlier = taken.putIfAbsent(fold(path), new Taken(path, true));
    if (earlier != null && !earlier.directory()) {
      throw refusal.member(path, "is a file and a directory");
    }
    if (earlier != null && !earlier.path().equals(path)) {
      throw refusal.member(path, "differs from another name only in case or Unicode form");
    }
    directories.add(path);
  }

  /** Takes a file or link, which may come only once. */
  void takeFile(String path) {
    int slash = path.lastIndexOf('/');
    if (slash >= 0) {
      takeDirectory(path.substring(0, slash));
    }
    budget.name(path);
    Taken earlier = taken.putIfAbsent(fold(path), new Taken(path, false));
    if (earlier == null) {
      return;
    }
    if (earlier.directory()) {
      throw refusal.member(path, "is a file and a directory");
    }
    throw refusal.member(
        path,
        earlier.path().equals(path)
            ? "stands in the archive twice"
            : "differs from another name only in case or Unicode form");
  }

  /** Canonical caseless matching (Unicode 15, definition D145). */
  private static String fold(String path) {
    String folded =
        Normalizer.normalize(path, Normalizer.Form.NFD)
            .toLowerCase(Locale.ROOT)
            .toUpperCase(Locale.ROOT)
            .toLowerCase(Locale.ROOT);
    return Normalizer.normalize(folded, Normalizer.Form.NFD);
  }
}
