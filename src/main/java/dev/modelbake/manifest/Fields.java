package dev.modelbake.manifest;

import dev.modelbake.manifest.Yaml.Entry;
import dev.modelbake.manifest.Yaml.Kind;
import dev.modelbake.manifest.Yaml.Mapping;
import dev.modelbake.manifest.Yaml.Scalar;
import dev.modelbake.manifest.Yaml.Sequence;
import dev.modelbake.model.Location;
import dev.modelbake.model.Text;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The values of one mapping by key and type. A wrong type is told and then reads as absent, so that
 * the rest can still be checked; {@link #has} tells the two apart.
 */
final class Fields {
  private final Location at;
  private final Map<String, Yaml> values = new LinkedHashMap<>();
  private final Set<String> meant = new HashSet<>();
  private final Level level;
  private final Problems problems;

  /** Takes a mapping and tells every key that its level does not have. */
  Fields(Mapping mapping, Level level, Problems problems) {
    this.at = mapping.at();
    this.level = level;
    this.problems = problems;
    for (Entry entry : mapping.entries()) {
      String key = entry.key().text();
      values.put(key, entry.value());
      if (!level.keys().contains(key)) {
        level.refuse(entry.key(), problems).ifPresent(meant::add);
      }
    }
  }

  Location at() {
    return at;
  }

  Problems problems() {
    return problems;
  }

  boolean has(String key) {
    return values.containsKey(key);
  }

  /** The place of a key's value; the mapping's when the key is absent. */
  Location at(String key) {
    Yaml value = values.get(key);
    return value == null ? at : value.at();
  }

  /** Tells that a required key is absent, when it is and no mistyped one stands for it. */
  void require(String key, String remedy) {
    if (!has(key) && !meant.contains(key)) {
      problems.error(at, "missing-key", "%s has no %s".formatted(level.noun(), key), remedy);
    }
  }

  /** Warns when there is no {@code dir}, and no mistyped key stands for it. */
  void placeWanted() {
    if (!has("dir") && !meant.contains("dir")) {
      problems.warning(
          at,
          "dir-missing",
          "%s has no dir, so every bake needs --dir NAME=PATH for it".formatted(level.noun()),
          "write dir: with the directory for its files, such as /opt/models");
    }
  }

  /** Warns when there is no {@code size}. */
  void sizeWanted() {
    if (!has("size") && !problems.isShipped(at)) {
      problems.warning(
          at,
          "size-missing",
          "%s has no size, so a wrong length is noticed only at the end".formatted(level.noun()),
          problems.pinCommand(at));
    }
  }

  Optional<Scalar> scalar(String key, String example) {
    Yaml value = values.get(key);
    if (value == null) {
      return Optional.empty();
    }
    if (value instanceof Scalar scalar && scalar.kind() != Kind.NULL) {
      return Optional.of(scalar);
    }
    // Without quotes ~ is YAML's word for nothing.
    boolean home = value instanceof Scalar nothing && nothing.text().equals("~");
    wrongType(value, key, "write %s: %s".formatted(key, home ? "\"~\"" : example));
    return Optional.empty();
  }

  Optional<Text> text(String key, String example) {
    return scalar(key, example).flatMap(scalar -> text(scalar, key));
  }

  /** A list of texts; nothing when it is absent. */
  List<Text> texts(String key, String example) {
    List<Text> texts = new ArrayList<>();
    for (Yaml item : list(key, example)) {
      item(item, key, example).ifPresent(texts::add);
    }
    return texts;
  }

  /** The values of a list; nothing when it is absent. */
  List<Yaml> items(String key, String example) {
    return list(key, example);
  }

  /** One value of a list that must be text. */
  Optional<Text> item(Yaml item, String key, String example) {
    if (item instanceof Scalar scalar && scalar.kind() != Kind.NULL) {
      return text(scalar, key);
    }
    wrongType(item, key, "write a list of texts: [%s]".formatted(example));
    return Optional.empty();
  }

  /** Whether the key is there and says {@code true}. */
  boolean isTrue(String key) {
    Optional<Scalar> scalar = scalar(key, "true");
    if (scalar.isPresent() && scalar.get().kind() != Kind.BOOLEAN) {
      wrongType(scalar.get(), key, "write %s: true".formatted(key));
      return false;
    }
    return scalar.isPresent() && scalar.get().text().equalsIgnoreCase("true");
  }

  /** A list of mappings; nothing when it is absent. */
  List<Mapping> mappings(String key, String example) {
    List<Mapping> mappings = new ArrayList<>();
    for (Yaml item : list(key, example)) {
      if (item instanceof Mapping mapping) {
        mappings.add(mapping);
      } else {
        wrongType(item, "an entry of " + key, "write - %s".formatted(example));
      }
    }
    return mappings;
  }

  Optional<Mapping> mapping(String key, String example) {
    Yaml value = values.get(key);
    if (value == null) {
      return Optional.empty();
    }
    if (value instanceof Mapping mapping) {
      return Optional.of(mapping);
    }
    wrongType(value, key, "write %s: {%s}".formatted(key, example));
    return Optional.empty();
  }

  /** Whether the value is a list. */
  boolean isList(String key) {
    return values.get(key) instanceof Sequence;
  }

  /** Whether the value is a list without entries. */
  boolean isEmptyList(String key) {
    return values.get(key) instanceof Sequence sequence && sequence.items().isEmpty();
  }

  /** Names and their texts, in the order of the manifest. */
  Map<Scalar, Text> table(String key, String example) {
    Map<Scalar, Text> table = new LinkedHashMap<>();
    mapping(key, example)
        .ifPresent(
            mapping -> {
              for (Entry entry : mapping.entries()) {
                String name = Problems.quoted(entry.key().text());
                if (entry.value() instanceof Scalar scalar && scalar.kind() != Kind.NULL) {
                  text(scalar, name).ifPresent(text -> table.put(entry.key(), text));
                } else {
                  wrongType(entry.value(), name, "write %s: {%s}".formatted(key, example));
                }
              }
            });
    return table;
  }

  private List<Yaml> list(String key, String example) {
    Yaml value = values.get(key);
    if (value == null) {
      return List.of();
    }
    if (value instanceof Sequence sequence) {
      return sequence.items();
    }
    wrongType(value, key, "write a list: %s: [%s]".formatted(key, example));
    return List.of();
  }

  /** A scalar that must be text, all of it visible. */
  private Optional<Text> text(Scalar scalar, String name) {
    if (scalar.kind() != Kind.STRING) {
      wrongType(scalar, name, "put it in quotes: \"%s\"".formatted(shown(scalar)));
      return Optional.empty();
    }
    Optional<String> hidden = Characters.firstHidden(scalar.text());
    if (hidden.isPresent()) {
      problems.error(
          scalar.at(),
          "hidden-character",
          "%s holds the character %s, which cannot be seen".formatted(name, hidden.get()),
          "write it again by hand");
      return Optional.empty();
    }
    return Optional.of(new Text(scalar.text(), scalar.at()));
  }

  void wrongType(Yaml value, String name, String remedy) {
    problems.error(value.at(), "wrong-type", "%s is %s here".formatted(name, value.sort()), remedy);
  }

  private static String shown(Scalar scalar) {
    String quoted = Problems.quoted(scalar.text());
    return quoted.substring(1, quoted.length() - 1);
  }
}
