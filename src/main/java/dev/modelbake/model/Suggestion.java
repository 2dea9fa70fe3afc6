package dev.modelbake.model;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Finds the known word that a mistyped one was probably meant to be. */
public final class Suggestion {
  /** A longer word is no slip of the finger, and the cost of comparing grows with the square. */
  private static final int LONGEST = 256;

  private Suggestion() {}

  /**
   * The known word nearest to this one by insertions, deletions, substitutions and transpositions
   * of neighbours; of several as near the longest, then the first. Case and {@code _} for {@code -}
   * do not count. Empty when nothing is near: more than a third of the letters would have to
   * change.
   */
  public static Optional<String> closest(String word, Collection<String> known) {
    if (word.isEmpty() || word.length() > LONGEST) {
      return Optional.empty();
    }
    String wanted = plain(word);
    Optional<String> best = Optional.empty();
    int least = Integer.MAX_VALUE;
    for (String candidate : known) {
      String other = plain(candidate);
      int most = Math.max(1, Math.max(wanted.length(), other.length()) / 3);
      if (other.length() > LONGEST || Math.abs(other.length() - wanted.length()) > most) {
        continue;
      }
      int distance = distance(wanted, other);
      // A word with no letter in common is not a guess worth making. Of two as near the longer one
      // was meant: a letter is left out more often than put in.
      boolean nearer =
          distance < least
              || (distance == least && other.length() > best.map(String::length).orElse(0));
      if (nearer && distance <= most && distance < other.length()) {
        best = Optional.of(candidate);
        least = distance;
      }
    }
    return best;
  }

  /**
   * As {@link #closest}, of names such as {@code rembg/u2netp} whose first part may be left out.
   */
  public static Optional<String> closestName(String name, Collection<String> known) {
    Map<String, String> lasts = new LinkedHashMap<>();
    known.forEach(one -> lasts.putIfAbsent(last(one), one));
    return closest(name, known).or(() -> closest(last(name), lasts.keySet()).map(lasts::get));
  }

  private static String last(String name) {
    return name.substring(name.lastIndexOf('/') + 1);
  }

  private static String plain(String word) {
    return word.toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** Optimal string alignment distance: Damerau's four edits, no part edited twice. */
  private static int distance(String a, String b) {
    int[] beforeLast = new int[b.length() + 1];
    int[] last = new int[b.length() + 1];
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      last[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
        row[j] = Math.min(Math.min(last[j], row[j - 1]) + 1, last[j - 1] + change);
        boolean swapped =
            i > 1
                && j > 1
                && a.charAt(i - 1) == b.charAt(j - 2)
                && a.charAt(i - 2) == b.charAt(j - 1);
        if (swapped) {
          row[j] = Math.min(row[j], beforeLast[j - 2] + 1);
        }
      }
      int[] free = beforeLast;
      beforeLast = last;
      last = row;
      row = free;
    }
    return last[b.length()];
  }
}
