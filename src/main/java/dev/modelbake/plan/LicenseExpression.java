package dev.modelbake.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A licence expression (SPDX specification 2.3, annex D): identifiers with {@code AND}, {@code OR},
 * {@code WITH} and parentheses. Of alternatives the user may take one, of what is joined all count.
 */
final class LicenseExpression {
  private static final Pattern TOKEN = Pattern.compile("[()]|[^\\s()]+");
  private static final List<String> NOTHING = List.of("NOASSERTION", "NONE");

  private final List<String> tokens = new ArrayList<>();
  private final Predicate<String> allowed;
  private int at;

  private LicenseExpression(String text, Predicate<String> allowed) {
    Matcher matcher = TOKEN.matcher(text);
    while (matcher.find()) {
      tokens.add(matcher.group());
    }
    this.allowed = allowed;
  }

  /** Whether a text tells of any licence. */
  static boolean isOne(String text) {
    return !text.isBlank() && !NOTHING.contains(text.strip().toUpperCase(Locale.ROOT));
  }

  /**
   * Whether an expression can be kept to with allowed licences alone.
   *
   * @param allowed decides on one identifier, with its exception when it has one
   */
  static boolean isAllowed(String text, Predicate<String> allowed) {
    LicenseExpression expression = new LicenseExpression(text, allowed);
    boolean result = expression.alternatives();
    // What is no expression is allowed only when every word of it is.
    return expression.at == expression.tokens.size()
        ? result
        : allowed.test(text.strip()) && expression.tokens.stream().allMatch(allowed);
  }

  private boolean alternatives() {
    boolean result = joined();
    while (takes("OR")) {
      result |= joined();
    }
    return result;
  }

  private boolean joined() {
    boolean result = term();
    while (takes("AND")) {
      result &= term();
    }
    return result;
  }

  private boolean term() {
    if (takes("(")) {
      boolean result = alternatives();
      return takes(")") && result;
    }
    if (at >= tokens.size() || tokens.get(at).equals(")")) {
      return false;
    }
    String identifier = tokens.get(at++);
    if (takes("WITH") && at < tokens.size()) {
      String exception = tokens.get(at++);
      return allowed.test(identifier) && allowed.test(identifier + " WITH " + exception);
    }
    return allowed.test(identifier);
  }

  private boolean takes(String word) {
    boolean there = at < tokens.size() && tokens.get(at).equalsIgnoreCase(word);
    at += there ? 1 : 0;
    return there;
  }
}
