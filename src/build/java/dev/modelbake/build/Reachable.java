package dev.modelbake.build;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The classes of a library that the rest of a jar can reach by name.
 *
 * <p>A name counts wherever it stands in a class file, as a type, in a signature or in a text, with
 * slashes or dots: this keeps too much rather than too little.
 */
final class Reachable {
  private final Map<String, byte[]> entries;

  Reachable(Map<String, byte[]> entries) {
    this.entries = entries;
  }

  /**
   * Takes away the entries of a library, given as {@code org/example/}, that nothing reaches. For
   * libraries of which a few classes are used, and by name.
   */
  void keepOnlyReached(String library) {
    Pattern name = Pattern.compile(library.replace("/", "[/.]") + "[\\w$/.-]+");
    Set<String> kept = new HashSet<>();
    Deque<String> open = new ArrayDeque<>();
    entries.keySet().stream()
        .filter(entry -> entry.endsWith(".class") && !isOf(library, entry))
        .forEach(open::add);
    while (!open.isEmpty()) {
      // Each byte a character: names of classes are ASCII, and nothing else matters here.
      String text = new String(entries.get(open.pop()), StandardCharsets.ISO_8859_1);
      Matcher names = name.matcher(text);
      while (names.find()) {
        String found = names.group().replace('.', '/') + ".class";
        if (entries.containsKey(found) && kept.add(found)) {
          open.add(found);
        }
      }
    }
    entries.keySet().removeIf(entry -> isOf(library, entry) && !kept.contains(entry));
  }

  private static boolean isOf(String library, String entry) {
    return entry.replaceFirst("^META-INF/versions/\\d+/", "").startsWith(library);
  }
}
