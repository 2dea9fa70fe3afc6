package dev.modelbake.manifest;

import dev.modelbake.manifest.Yaml.Entry;
import dev.modelbake.manifest.Yaml.Mapping;
import dev.modelbake.manifest.Yaml.Scalar;
import dev.modelbake.manifest.Yaml.Sequence;
import dev.modelbake.model.Digest;
import dev.modelbake.model.Suggestion;
import dev.modelbake.model.Text;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Puts the shipped model in place of an entry that says {@code catalog: NAME}. */
final class CatalogSection {
  /** What a source in the catalog is called, and the argument that stands for a manifest. */
  static final String SCHEME = "catalog:";

  private final ShippedModels shipped;
  private final Problems problems;

  /** A model as its section reads it, and the digest of the shipped text it was taken from. */
  record Entered(Mapping mapping, Optional<Digest> digest) {}

  CatalogSection(ShippedModels shipped, Problems problems) {
    this.shipped = shipped;
    this.problems = problems;
  }

  /**
   * The entry itself, or the shipped model with the entry's own keys in place of its. Empty when
   * there is no such model.
   */
  Optional<Entered> enter(Mapping entry) {
    Fields fields = new Fields(entry, Level.MODEL, new Problems(problems.source()));
    if (!fields.has("catalog")) {
      return Optional.of(new Entered(entry, Optional.empty()));
    }
    Optional<Text> name = new Fields(entry, Level.MODEL, problems).text("catalog", "rembg/u2netp");
    return name.flatMap(text -> find(text).map(model -> overlay(entry, model)));
  }

  private Optional<Entered> find(Text name) {
    String library = name.value().replaceAll("/.*", "");
    Optional<byte[]> bytes =
        library.equals(name.value()) ? Optional.empty() : shipped.library(library);
    Optional<Entered> found = bytes.flatMap(text -> model(text, name.value()));
    if (found.isPresent()) {
      problems.note(
          name.at(),
          "catalog-version",
          "what %s means follows the version of this tool".formatted(Problems.quoted(name.value())),
          "`modelbake catalog show %s --manifest` writes it out".formatted(name.value()));
    } else {
      problems.error(
          name.at(),
          "catalog-name",
          "%s is not in the catalog".formatted(Problems.quoted(name.value())),
          Suggestion.closestName(name.value(), shipped.names())
              .map("did you mean %s?"::formatted)
              .orElse("`modelbake catalog list` shows what is"));
    }
    return found;
  }

  private static Optional<Entered> model(byte[] bytes, String name) {
    ManifestText text = new ManifestText(SCHEME + name, Optional.empty(), bytes);
    try {
      return YamlTree.read(text.decode(), new Problems(text.source())).stream()
          .flatMap(root -> models(root).stream())
          .filter(model -> name.equals(value(model, "name")))
          .findFirst()
          .map(model -> new Entered(model, Optional.of(text.digest())));
    } catch (Unreadable e) {
      throw new IllegalStateException("a shipped manifest is damaged: " + e.problem(), e);
    }
  }

  private static List<Mapping> models(Yaml root) {
    return root instanceof Mapping manifest
        ? manifest.entries().stream()
            .filter(entry -> entry.key().text().equals("models"))
            .flatMap(entry -> ((Sequence) entry.value()).items().stream())
            .map(Mapping.class::cast)
            .toList()
        : List.of();
  }

  private static String value(Mapping mapping, String key) {
    return mapping.entries().stream()
        .filter(entry -> entry.key().text().equals(key))
        .map(entry -> ((Scalar) entry.value()).text())
        .findFirst()
        .orElse("");
  }

  private static Entered overlay(Mapping own, Entered model) {
    Set<String> keys = new HashSet<>();
    own.entries().forEach(entry -> keys.add(entry.key().text()));
    List<Entry> entries = new ArrayList<>(own.entries());
    model.mapping().entries().stream()
        .filter(entry -> !keys.contains(entry.key().text()))
        .forEach(entries::add);
    return new Entered(new Mapping(own.at(), entries), model.digest());
  }
}
