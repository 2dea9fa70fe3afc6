package dev.modelbake.catalog;

import dev.modelbake.manifest.ManifestReader;
import dev.modelbake.manifest.ShippedModels;
import dev.modelbake.model.Manifest;
import dev.modelbake.model.NameGlob;
import dev.modelbake.model.Suggestion;
import dev.modelbake.model.UsageException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** The shipped manifests. */
public final class Catalog implements ShippedModels {
  private static final String FOLDER = "/manifests/";

  /** The libraries, each with a manifest of its own, in alphabetical order. */
  public List<String> libraries() {
    return read("index").map(Catalog::text).orElse("").lines().toList();
  }

  @Override
  public Optional<byte[]> library(String library) {
    return libraries().contains(library) ? read(library + ".yaml") : Optional.empty();
  }

  @Override
  public List<String> names() {
    return libraries().stream().flatMap(library -> entries(library).keySet().stream()).toList();
  }

  /** All models, by library and then in the order of its manifest. */
  public List<CatalogEntry> all() {
    return libraries().stream().flatMap(this::models).toList();
  }

  /**
   * The models of those libraries in whose manifest one of these words stands. The others are not
   * parsed, which takes most of the time.
   */
  public List<CatalogEntry> mentioning(Collection<String> words) {
    return libraries().stream()
        .filter(
            library -> {
              String text = text(library(library).orElseThrow());
              return words.stream().anyMatch(text::contains);
            })
        .flatMap(this::models)
        .toList();
  }

  /** The models in whose name, licence, address or file names a word occurs, in any case. */
  public List<CatalogEntry> search(String word) {
    String wanted = word.toLowerCase(Locale.ROOT);
    return all().stream()
        .filter(
            entry -> words(entry).anyMatch(text -> text.toLowerCase(Locale.ROOT).contains(wanted)))
        .toList();
  }

  private static Stream<String> words(CatalogEntry entry) {
    return Stream.of(
            Stream.of(entry.model().name()),
            entry.model().license().stream(),
            entry.model().homepage().stream(),
            entry.model().files().stream().map(file -> file.path()))
        .flatMap(texts -> texts);
  }

  /**
   * The models of these names, where {@code *} stands for any characters.
   *
   * @throws UsageException if one matches nothing
   */
  public List<CatalogEntry> find(Collection<String> globs) {
    List<String> names = names();
    Set<String> wanted = new LinkedHashSet<>();
    for (String glob : globs) {
      Predicate<String> matcher = new NameGlob(glob).predicate();
      List<String> found = names.stream().filter(matcher).toList();
      if (found.isEmpty()) {
        throw new UsageException(
            "looking for " + glob + " in the catalog",
            "there is no such model",
            Suggestion.closestName(glob, names)
                .map("did you mean %s?"::formatted)
                .orElse("`modelbake catalog list WORD` searches"));
      }
      wanted.addAll(found);
    }
    Map<String, CatalogEntry> known = new HashMap<>();
    wanted.stream()
        .map(name -> name.substring(0, name.indexOf('/')))
        .distinct()
        .flatMap(this::models)
        .forEach(entry -> known.put(entry.model().name(), entry));
    List<CatalogEntry> found = new ArrayList<>();
    wanted.forEach(name -> found.add(known.get(name)));
    return found;
  }

  private Stream<CatalogEntry> models(String library) {
    byte[] bytes = library(library).orElseThrow();
    Manifest manifest = ManifestReader.readShipped(library, bytes);
    Map<String, String> texts = ShippedText.entries(text(bytes));
    return manifest.models().stream()
        .map(
            model ->
                new CatalogEntry(model, texts.getOrDefault(model.name(), ""), manifest.digest()));
  }

  private Map<String, String> entries(String library) {
    return ShippedText.entries(text(library(library).orElseThrow()));
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private static Optional<byte[]> read(String name) {
    try (InputStream in = Catalog.class.getResourceAsStream(FOLDER + name)) {
      return in == null ? Optional.empty() : Optional.of(in.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
