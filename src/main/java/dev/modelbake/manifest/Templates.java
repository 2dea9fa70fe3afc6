package dev.modelbake.manifest;

import dev.modelbake.model.Suggestion;
import dev.modelbake.model.Text;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Checks the placeholders of mirror templates. */
final class Templates {
  private static final Pattern PLACEHOLDER = Pattern.compile("\\{([^{}]*)\\}");

  /** Each placeholder with a value as it could be filled in. */
  private static final Map<String, String> SAMPLES = samples();

  private final Problems problems;

  Templates(Problems problems) {
    this.problems = problems;
  }

  static boolean isTemplate(String value) {
    return value.indexOf('{') >= 0 || value.indexOf('}') >= 0;
  }

  /** The template filled in with sample values; empty when a placeholder is wrong. */
  Optional<String> filled(Text text) {
    StringBuilder filled = new StringBuilder();
    Matcher matcher = PLACEHOLDER.matcher(text.value());
    while (matcher.find()) {
      String name = matcher.group(1);
      String sample = SAMPLES.get(name);
      if (sample == null) {
        problems.error(
            text.at(),
            "template",
            "%s is no placeholder".formatted(Problems.quoted(matcher.group())),
            Suggestion.closest(name, SAMPLES.keySet())
                .map("did you mean {%s}?"::formatted)
                .orElse("known: {algorithm} {hex} {digest} {name} {path}"));
        return Optional.empty();
      }
      matcher.appendReplacement(filled, sample);
    }
    matcher.appendTail(filled);
    if (isTemplate(filled.toString())) {
      problems.error(
          text.at(),
          "template",
          "a brace of the template has no partner",
          "write placeholders as {hex}; a brace that is part of the URL is %7B or %7D");
      return Optional.empty();
    }
    return Optional.of(filled.toString());
  }

  private static Map<String, String> samples() {
    Map<String, String> samples = new LinkedHashMap<>();
    samples.put("algorithm", "sha256");
    samples.put("hex", "00");
    samples.put("digest", "sha256:00");
    samples.put("name", "name");
    samples.put("path", "path");
    return samples;
  }
}
