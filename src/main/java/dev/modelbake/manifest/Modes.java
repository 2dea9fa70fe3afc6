package dev.modelbake.manifest;

import dev.modelbake.manifest.Yaml.Kind;
import dev.modelbake.manifest.Yaml.Scalar;
import dev.modelbake.model.Access;
import dev.modelbake.model.FileMode;
import dev.modelbake.model.Text;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads permission bits, which must stand in quotes. */
final class Modes {
  private static final Pattern OCTAL = Pattern.compile("(?:0o?)?([0-7]{3,4})");

  /** What is given when nobody says anything. */
  static final Given DEFAULT =
      new Given(Access.OWNER, FileMode.parse("0644"), FileMode.parse("0755"));

  private static final Given SHARED =
      new Given(Access.SHARED, FileMode.parse("0664"), FileMode.parse("2775"));

  /** Who may write, and the modes that follow. */
  record Given(Access access, FileMode files, FileMode directories) {}

  private Modes() {}

  /** Reads {@code access}, {@code mode} and {@code dir-mode}; what is absent is inherited. */
  static Given given(Fields fields, Given inherited) {
    Given given = access(fields).orElse(inherited);
    return new Given(
        given.access(),
        read(fields, "mode").orElse(given.files()),
        read(fields, "dir-mode").orElse(given.directories()));
  }

  private static Optional<Given> access(Fields fields) {
    Optional<Text> access = fields.text("access", "shared");
    if (access.isEmpty()) {
      return Optional.empty();
    }
    String value = access.get().value();
    if (!value.equals("shared") && !value.equals("owner")) {
      fields
          .problems()
          .error(
              access.get().at(),
              "access",
              "%s is no access".formatted(Problems.quoted(value)),
              "write access: shared, which gives files to group 0, or leave it out");
    }
    return Optional.of(value.equals("shared") ? SHARED : DEFAULT);
  }

  static Optional<FileMode> read(Fields fields, String key) {
    String example = key.equals("mode") ? "0644" : "0755";
    Optional<Scalar> scalar = fields.scalar(key, "\"" + example + "\"");
    return scalar.flatMap(value -> read(fields, key, value, example));
  }

  private static Optional<FileMode> read(Fields fields, String key, Scalar value, String example) {
    Matcher octal = OCTAL.matcher(value.text());
    String meant = octal.matches() ? four(octal.group(1)) : example;
    String remedy = "write %s: \"%s\"".formatted(key, meant);
    if (value.kind() != Kind.STRING) {
      // 0644 is 644 to YAML 1.2 and 420 to YAML 1.1, so a reader could only guess.
      fields
          .problems()
          .error(
              value.at(),
              "mode",
              "%s is not in quotes: YAML reads it as a number".formatted(key),
              remedy);
      return Optional.empty();
    }
    try {
      return Optional.of(FileMode.parse(value.text()));
    } catch (IllegalArgumentException e) {
      fields.problems().error(value.at(), "mode", String.valueOf(e.getMessage()), remedy);
      return Optional.empty();
    }
  }

  /** Four digits, without setuid and sticky bits. */
  private static String four(String digits) {
    return new FileMode(Integer.parseInt(digits, 8) & 02777).toString();
  }
}
