package dev.modelbake.plan;

import dev.modelbake.model.Location;
import dev.modelbake.model.Problem;
import dev.modelbake.model.Suggestion;
import dev.modelbake.model.Text;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Resolves {@code ${NAME}}, {@code ${NAME:-default}} and a leading {@code ~}. A name is looked up
 * in the given overrides, the manifest's {@code env}, the process environment, the library's
 * default.
 */
final class Variables {
  private static final String PYTHON = "python:";
  private static final int DEEPEST = 16;

  /** In characters: no system has longer paths. */
  private static final int LONGEST = 4096;

  private final Map<String, String> overrides;
  private final Map<String, Text> manifest;
  private final Map<String, String> environment;
  private final PythonPackages python;
  private final Home home;

  /** What a variable of the manifest is: each is worked out once, however often it is named. */
  private final Map<String, String> known = new HashMap<>();

  /** The home of the owner, or why it is not known. */
  interface Home {
    String get(Location at) throws Unresolvable;
  }

  Variables(
      Map<String, String> overrides,
      Map<String, Text> manifest,
      Map<String, String> environment,
      PythonPackages python,
      Home home) {
    this.overrides = overrides;
    this.manifest = manifest;
    this.environment = environment;
    this.python = python;
    this.home = home;
  }

  String resolve(Text text) throws Unresolvable {
    return resolve(text.value(), text.at(), 0);
  }

  private String resolve(String template, Location at, int depth) throws Unresolvable {
    if (depth > DEEPEST) {
      throw new Unresolvable(
          Problem.error(
              at,
              "variable-cycle",
              "variables refer to each other without end",
              "break the cycle"));
    }
    StringBuilder out = new StringBuilder();
    int i = 0;
    if (template.equals("~") || template.startsWith("~/")) {
      out.append(home.get(at));
      i = 1;
    }
    while (i < template.length()) {
      if (!template.startsWith("${", i)) {
        out.append(template.charAt(i++));
        continue;
      }
      int end = closing(template, i + 2, at);
      out.append(expand(template.substring(i + 2, end), at, depth));
      i = end + 1;
      if (out.length() > LONGEST) {
        throw new Unresolvable(
            Problem.error(
                at,
                "variable-too-long",
                "with its variables this has more than %d characters".formatted(LONGEST),
                "name a shorter directory"));
      }
    }
    return out.toString();
  }

  private static int closing(String template, int from, Location at) throws Unresolvable {
    int open = 1;
    for (int i = from; i < template.length(); i++) {
      if (template.startsWith("${", i)) {
        open++;
      } else if (template.charAt(i) == '}' && --open == 0) {
        return i;
      }
    }
    throw new Unresolvable(
        Problem.error(
            at, "variable-syntax", "`${` without `}`", "write ${NAME} or ${NAME:-default}"));
  }

  private String expand(String expression, Location at, int depth) throws Unresolvable {
    if (expression.startsWith(PYTHON)) {
      return packageDirectory(expression.substring(PYTHON.length()), at);
    }
    int mark = expression.indexOf(":-");
    String name = mark < 0 ? expression : expression.substring(0, mark);
    if (name.equals("HOME") && !overrides.containsKey(name) && !manifest.containsKey(name)) {
      return home.get(at);
    }
    Optional<String> value = lookUp(name, depth);
    if (value.isPresent()) {
      return value.get();
    }
    if (mark >= 0) {
      return resolve(expression.substring(mark + 2), at, depth + 1);
    }
    Optional<String> template = LibraryDefaults.of(name);
    if (template.isPresent()) {
      return resolve(template.get(), at, depth + 1);
    }
    throw unset(name, at);
  }

  private String packageDirectory(String name, Location at) throws Unresolvable {
    Optional<String> directory = python.directory(name);
    if (directory.isPresent()) {
      return directory.get();
    }
    throw new Unresolvable(
        Problem.error(
            at,
            "python-package",
            "where the Python package %s is, is not known: %s"
                .formatted(name, python.absence().what()),
            python.absence().remedy()));
  }

  /** Overrides, manifest, environment; an empty value counts as unset, as {@code :-} has it. */
  private Optional<String> lookUp(String name, int depth) throws Unresolvable {
    String override = overrides.getOrDefault(name, "");
    if (!override.isEmpty()) {
      return Optional.of(override);
    }
    String inEnvironment = environment.getOrDefault(name, "");
    Text written = manifest.get(name);
    if (written == null) {
      return inEnvironment.isEmpty() ? Optional.empty() : Optional.of(inEnvironment);
    }
    String value = known.get(name);
    if (value == null) {
      value = resolve(written.value(), written.at(), depth + 1);
      known.put(name, value);
    }
    if (!inEnvironment.isEmpty() && !sameDirectory(inEnvironment, value)) {
      throw new Unresolvable(
          Problem.error(
              written.at(),
              "variable-differs",
              "%s is %s here and %s in the environment: the library would look elsewhere"
                  .formatted(name, value, inEnvironment),
              "make them the same, or decide with --env " + name + "=" + value));
    }
    return value.isEmpty() ? Optional.empty() : Optional.of(value);
  }

  private static boolean sameDirectory(String one, String other) {
    return one.replaceAll("/+$", "").equals(other.replaceAll("/+$", ""));
  }

  private Unresolvable unset(String name, Location at) {
    Set<String> names = new TreeSet<>(LibraryDefaults.names());
    names.addAll(manifest.keySet());
    names.addAll(overrides.keySet());
    String hint =
        Suggestion.closest(name, names)
            .map(near -> "did you mean ${" + near + "}? Else ")
            .orElse("");
    return new Unresolvable(
        Problem.error(
            at,
            "variable-unset",
            "the variable " + name + " is not set",
            "%sset it under env:, with --env %s=VALUE, or write ${%s:-default}"
                .formatted(hint, name, name)));
  }
}
