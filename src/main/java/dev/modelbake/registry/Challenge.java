package dev.modelbake.registry;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * One challenge of {@code WWW-Authenticate} (RFC 9110, section 11.6.1).
 *
 * @param scheme in lower case
 * @param parameters names in lower case
 */
record Challenge(String scheme, Map<String, String> parameters) {
  private static final int LONGEST = 16 << 10;

  Challenge {
    parameters = Map.copyOf(parameters);
  }

  /** Every challenge of the header's values; what is no challenge is skipped. */
  static List<Challenge> parse(List<String> values) {
    List<Challenge> challenges = new ArrayList<>();
    for (String value : values) {
      if (value.length() <= LONGEST) {
        new Reader(value).into(challenges);
      }
    }
    return challenges;
  }

  /** Reads one value: words, {@code name=token} and {@code name="quoted string"}, with commas. */
  private static final class Reader {
    private final String text;
    private int at;

    Reader(String text) {
      this.text = text;
    }

    void into(List<Challenge> challenges) {
      String scheme = "";
      Map<String, String> parameters = new HashMap<>();
      while (at < text.length()) {
        String word = word();
        if (word.isEmpty()) {
          at++; // a comma, a blank, or what does not belong here
        } else if (at < text.length() && text.charAt(at) == '=' && !scheme.isEmpty()) {
          at++;
          parameters.putIfAbsent(word.toLowerCase(Locale.ROOT), value());
        } else {
          add(challenges, scheme, parameters);
          scheme = word.toLowerCase(Locale.ROOT);
          parameters = new HashMap<>();
        }
      }
      add(challenges, scheme, parameters);
    }

    private static void add(
        List<Challenge> challenges, String scheme, Map<String, String> parameters) {
      if (!scheme.isEmpty()) {
        challenges.add(new Challenge(scheme, parameters));
      }
    }

    private String word() {
      int from = at;
      while (at < text.length() && isToken(text.charAt(at))) {
        at++;
      }
      return text.substring(from, at);
    }

    private String value() {
      if (at >= text.length() || text.charAt(at) != '"') {
        return word();
      }
      StringBuilder value = new StringBuilder();
      for (at++; at < text.length() && text.charAt(at) != '"'; at++) {
        boolean escape = text.charAt(at) == '\\' && at + 1 < text.length();
        at += escape ? 1 : 0;
        value.append(text.charAt(at));
      }
      at++;
      return value.toString();
    }

    private static boolean isToken(char c) {
      return c > 0x20 && c < 0x7f && "()<>@,;:\\\"/[]?={}".indexOf(c) < 0;
    }
  }
}
