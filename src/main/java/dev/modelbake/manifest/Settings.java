package dev.modelbake.manifest;

import dev.modelbake.manifest.Yaml.Kind;
import dev.modelbake.manifest.Yaml.Scalar;
import dev.modelbake.model.Text;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads the keys that a manifest and a model share. */
final class Settings {
  private static final Pattern VARIABLE = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");
  private static final Pattern NUMBER = Pattern.compile("0|[1-9][0-9]{0,9}");
  private static final Pattern USER = Pattern.compile("[A-Za-z_][A-Za-z0-9_.-]*\\$?");
  private static final long HIGHEST_ID = 0xFFFF_FFFEL;

  private final Problems problems;
  private final Places places;

  Settings(Problems problems) {
    this.problems = problems;
    this.places = new Places(problems);
  }

  /** A directory, its variables as written. */
  Optional<Text> directory(Fields fields, String key) {
    return fields.text(key, "/opt/models").flatMap(places::directory);
  }

  /** What {@code ~} means. */
  Optional<Text> home(Fields fields) {
    return fields.text("home", "/home/NAME").flatMap(places::home);
  }

  /** A name, uid, {@code user:group} or {@code self}; a uid may stand without quotes. */
  Optional<Text> owner(Fields fields) {
    Optional<Scalar> owner = fields.scalar("owner", "appuser");
    if (owner.isEmpty()) {
      return Optional.empty();
    }
    Scalar scalar = owner.get();
    boolean rightKind = scalar.kind() == Kind.STRING || scalar.kind() == Kind.INTEGER;
    String[] parts = scalar.text().split(":", -1);
    boolean known = rightKind && parts.length <= 2;
    for (String part : parts) {
      known &= isUser(part);
    }
    if (!known) {
      problems.error(
          scalar.at(),
          "owner",
          "%s is no owner".formatted(Problems.quoted(scalar.text())),
          "write a user's name, a uid, user:group or self");
      return Optional.empty();
    }
    return Optional.of(new Text(scalar.text(), scalar.at()));
  }

  private static boolean isUser(String part) {
    return NUMBER.matcher(part).matches()
        ? Long.parseLong(part) <= HIGHEST_ID
        : part.length() <= 255 && USER.matcher(part).matches();
  }

  /** Environment variables and their values, in the order of the manifest. */
  Map<String, Text> env(Fields fields) {
    Map<String, Text> env = new LinkedHashMap<>();
    fields
        .table("env", "HF_HOME: /opt/models/huggingface")
        .forEach(
            (name, value) -> {
              if (!VARIABLE.matcher(name.text()).matches()) {
                problems.error(
                    name.at(),
                    "env-name",
                    "%s is no name of an environment variable"
                        .formatted(Problems.quoted(name.text())),
                    "write letters, digits and _, no digit first");
              }
              places.variables(value).ifPresent(text -> env.put(name.text(), text));
            });
    return env;
  }
}
