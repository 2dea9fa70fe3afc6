package dev.modelbake.guard;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** A command line as it may be told: reports of builds are read by many. */
final class Discreet {
  private static final String HIDDEN = "…";

  private static final Pattern USER = Pattern.compile("://[^/\\s@]*@");
  private static final Pattern QUERY = Pattern.compile("(://[^\\s?#]*)[?#]\\S*");

  private static final Pattern HEADER =
      Pattern.compile(
          "(?i)((?:proxy-)?authorization|cookie|[a-z-]*(?:token|key|secret|auth)[a-z-]*):.*");

  private static final Pattern SETTING =
      Pattern.compile(
          "(?i)([a-z0-9_.-]*(?:token|secret|passw(?:or)?d|passphrase|credential|api[-_]?key)"
              + "[a-z0-9_.-]*)=.*");

  /** Options whose value, the next word, may be a secret. */
  private static final Pattern OPTION =
      Pattern.compile(
          "(?i)-[uHb]|--(?:user|proxy-user|header|cookie|oauth2-bearer"
              + "|[a-z0-9-]*(?:token|secret|passw(?:or)?d|passphrase|credential|key))");

  private Discreet() {}

  /** The words of a command, without what may be a secret. */
  static List<String> words(List<String> command) {
    List<String> words = new ArrayList<>();
    boolean hide = false;
    for (String word : command) {
      words.add(hide ? HIDDEN : word(word));
      hide = OPTION.matcher(word).matches();
    }
    return words;
  }

  /** The same of a command in one line. */
  static String line(String line) {
    return String.join(" ", words(List.of(line.split(" ", -1))));
  }

  private static String word(String word) {
    String plain = USER.matcher(word).replaceAll("://");
    plain = QUERY.matcher(plain).replaceAll("$1?" + HIDDEN);
    plain = HEADER.matcher(plain).replaceFirst("$1: " + HIDDEN);
    return SETTING.matcher(plain).replaceFirst("$1=" + HIDDEN);
  }
}
