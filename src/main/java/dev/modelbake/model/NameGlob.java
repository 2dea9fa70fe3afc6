package dev.modelbake.model;

import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A pattern over names of models: {@code *} stands for any characters, a slash too, {@code ?} for
 * one.
 */
public record NameGlob(String glob) {
  /** Whether a name matches. */
  public Predicate<String> predicate() {
    String regex =
        glob.chars()
            .mapToObj(c -> c == '*' ? ".*" : c == '?' ? "." : Pattern.quote(Character.toString(c)))
            .collect(Collectors.joining());
    return Pattern.compile(regex, Pattern.DOTALL).asMatchPredicate();
  }
}
