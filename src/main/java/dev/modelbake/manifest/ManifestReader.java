package dev.modelbake.manifest;

import dev.modelbake.model.Location;
import dev.modelbake.model.Manifest;
import dev.modelbake.model.ManifestException;
import dev.modelbake.model.MissingException;
import dev.modelbake.model.Problem;
import dev.modelbake.model.Text;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads manifests, or tells everything that is wrong with them. */
public final class ManifestReader {
  private final ManifestFiles files;
  private final ShippedModels shipped;
  private final Inspection inspection;
  private final Map<String, Text> names = new HashMap<>();
  private final List<Manifest> manifests = new ArrayList<>();
  private final List<Problem> problems = new ArrayList<>();

  /**
   * Manifests that can be used.
   *
   * @param manifests in the order of the files
   * @param warnings in the order of the files, then of their text
   */
  public record Reading(List<Manifest> manifests, List<Problem> warnings) {
    public Reading {
      manifests = List.copyOf(manifests);
      warnings = List.copyOf(warnings);
    }
  }

  private ManifestReader(InputStream standardInput, ShippedModels shipped, Inspection inspection) {
    this.files = new ManifestFiles(standardInput);
    this.shipped = shipped;
    this.inspection = inspection;
  }

  /** Looks at the bytes of a manifest before anything is made of them. */
  @FunctionalInterface
  public interface Inspection {
    /** Takes everything. */
    Inspection NONE = (file, bytes) -> {};

    /** Throws if they are not to be read. */
    void inspect(Path file, byte[] bytes);
  }

  /**
   * Reads manifests in YAML or JSON, at most 16 MiB each; {@code -} is standard input, and {@code
   * catalog:NAME} one shipped model.
   *
   * @param shipped the models that entries may name with {@code catalog:}
   * @throws MissingException if one is absent or no readable regular file
   * @throws ManifestException with all problems of all files, warnings too, if there is an error
   */
  public static Reading read(List<Path> files, ShippedModels shipped) {
    return read(files, shipped, Inspection.NONE);
  }

  /**
   * Reads manifests whose bytes are inspected first; shipped ones are not.
   *
   * @throws MissingException if one is absent or no readable regular file
   * @throws ManifestException with all problems of all files, warnings too, if there is an error
   */
  public static Reading read(List<Path> files, ShippedModels shipped, Inspection inspection) {
    return new ManifestReader(System.in, shipped, inspection).readAll(files);
  }

  /**
   * Reads a manifest that is in memory.
   *
   * @param source what to call it
   * @param directory where it lies; without one it has no {@code file:} URLs
   * @throws ManifestException with all problems, warnings too, if there is an error
   */
  public static Reading read(
      String source, Optional<Path> directory, String text, ShippedModels shipped) {
    ManifestReader reader =
        new ManifestReader(InputStream.nullInputStream(), shipped, Inspection.NONE);
    reader.readOne(new ManifestText(source, directory, text.getBytes(StandardCharsets.UTF_8)));
    return reader.result();
  }

  static Reading read(List<Path> files, ShippedModels shipped, InputStream standardInput) {
    return new ManifestReader(standardInput, shipped, Inspection.NONE).readAll(files);
  }

  /**
   * Reads a manifest that comes with the tool.
   *
   * @throws IllegalStateException if anything is wrong with it
   */
  public static Manifest readShipped(String library, byte[] bytes) {
    ManifestText text = new ManifestText(CatalogSection.SCHEME + library, Optional.empty(), bytes);
    Problems problems = new Problems(text.source());
    try {
      Yaml root = YamlTree.read(text.decode(), problems).orElseThrow();
      Manifest manifest =
          new ManifestSection(text, ShippedModels.NONE, problems).read(root).manifest();
      if (problems.hasErrors()) {
        throw new IllegalStateException(
            problems.inOrder().stream()
                .filter(problem -> problem.severity() == Problem.Severity.ERROR)
                .toList()
                .toString());
      }
      return manifest;
    } catch (Unreadable e) {
      throw new IllegalStateException(e.problem().toString(), e);
    }
  }

  private Reading readAll(List<Path> paths) {
    paths.forEach(this::readOne);
    return result();
  }

  private Reading result() {
    if (problems.stream().anyMatch(p -> p.severity() == Problem.Severity.ERROR)) {
      throw new ManifestException(problems);
    }
    return new Reading(manifests, problems);
  }

  private void readOne(Path path) {
    try {
      ManifestText text = files.read(path);
      if (!text.source().startsWith(CatalogSection.SCHEME)) {
        inspection.inspect(path, text.bytes());
      }
      readOne(text);
    } catch (Unreadable e) {
      problems.add(e.problem());
    }
  }

  private void readOne(ManifestText text) {
    Problems found = new Problems(text.source());
    try {
      Optional<Yaml> root = YamlTree.read(text.decode(), found);
      if (root.isEmpty() || isNothing(root.get())) {
        throw new Unreadable(
            Problem.error(
                Location.of(found.source()),
                "empty",
                "the manifest is empty",
                "start it with schema: %s and models:".formatted(ManifestSection.SCHEMA)));
      }
      ManifestSection.Result result = new ManifestSection(text, shipped, found).read(root.get());
      result.names().forEach(name -> noSecond(name, found));
      manifests.add(result.manifest());
    } catch (Unreadable e) {
      found.add(e.problem());
    }
    problems.addAll(found.inOrder());
  }

  private static boolean isNothing(Yaml root) {
    return root instanceof Yaml.Scalar scalar && scalar.kind() == Yaml.Kind.NULL;
  }

  /** A name is how a model is selected and how its files are named, so it occurs once. */
  private void noSecond(Text name, Problems found) {
    Text first = names.putIfAbsent(name.value(), name);
    if (first != null) {
      found.error(
          name.at(),
          "duplicate-model",
          "the model %s is already at %s".formatted(Problems.quoted(name.value()), first.at()),
          "give one of them another name, or join their files");
    }
  }
}
