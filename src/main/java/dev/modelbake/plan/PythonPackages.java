package dev.modelbake.plan;

import dev.modelbake.model.Manifest;
import dev.modelbake.model.Model;
import dev.modelbake.model.Text;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Where the Python packages of an image are.
 *
 * @param directories absolute, by package; only what was asked for
 * @param absence why the others are not known, and what to do
 */
public record PythonPackages(Map<String, String> directories, Absence absence) {
  /** Nothing was asked. */
  public static final PythonPackages NONE =
      new PythonPackages(
          Map.of(), new Absence("no python3 was asked", "write the package's directory"));

  private static final Pattern ASKED = Pattern.compile("\\$\\{python:([A-Za-z0-9_]+)}");

  public PythonPackages {
    directories = Map.copyOf(directories);
  }

  /** Why a package was not found. */
  public record Absence(String what, String remedy) {}

  /** The packages that {@code ${python:PACKAGE}} names in manifests and in further texts. */
  public static SortedSet<String> asked(List<Manifest> manifests, Collection<String> texts) {
    SortedSet<String> packages = new TreeSet<>();
    Stream.concat(manifests.stream().flatMap(PythonPackages::texts), texts.stream())
        .forEach(
            text -> {
              Matcher matcher = ASKED.matcher(text);
              while (matcher.find()) {
                packages.add(matcher.group(1));
              }
            });
    return packages;
  }

  private static Stream<String> texts(Manifest manifest) {
    return Stream.concat(
        manifest.env().values().stream().map(Text::value),
        manifest.models().stream().flatMap(PythonPackages::texts));
  }

  private static Stream<String> texts(Model model) {
    Stream<Text> further =
        model.files().stream()
            .flatMap(file -> file.also().stream())
            .flatMap(place -> place.dir().stream());
    return Stream.of(model.dir().stream(), model.env().values().stream(), further)
        .flatMap(texts -> texts)
        .map(Text::value);
  }

  Optional<String> directory(String name) {
    return Optional.ofNullable(directories.get(name));
  }
}
