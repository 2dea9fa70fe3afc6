package dev.modelbake.cli;

import dev.modelbake.model.PlannedFile;
import dev.modelbake.model.Target;
import dev.modelbake.model.Unpacking;
import dev.modelbake.model.UsageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The files that a command writes besides models: none of them is a model, a manifest or another of
 * them, since the last to be written would take the place of what was proven.
 */
final class OutputFiles {
  private static final Path STANDARD_OUT = Path.of("-");

  private final Map<String, Path> files = new LinkedHashMap<>();

  /** Adds one, unless the option was not given or names standard output, a device or a pipe. */
  OutputFiles with(String option, @Nullable Path file) {
    if (file != null && !file.equals(STANDARD_OUT) && !isWrittenTo(file)) {
      files.put(option, file);
    }
    return this;
  }

  private static boolean isWrittenTo(Path file) {
    return Files.exists(file) && !Files.isRegularFile(file) && !Files.isDirectory(file);
  }

  /**
   * Demands that they are files of their own.
   *
   * @param models asked for only when there is something to compare
   * @param root below which the models are placed
   * @throws UsageException if one is not
   */
  void requireApart(List<Path> manifests, Supplier<List<PlannedFile>> models, Path root) {
    if (files.isEmpty()) {
      return;
    }
    Map<Path, String> taken = new LinkedHashMap<>();
    manifests.forEach(manifest -> taken.put(place(manifest), "the manifest " + manifest));
    files.forEach(
        (option, file) -> {
          String other = taken.putIfAbsent(place(file), option);
          if (other != null) {
            throw clash(option, file, "is " + other + " too");
          }
        });
    Set<Path> places = new HashSet<>();
    Set<Path> trees = new HashSet<>();
    for (PlannedFile model : models.get()) {
      if (model.target() instanceof Target.Resolved target) {
        boolean tree = model.unpacking() instanceof Unpacking.Tree;
        (tree || target.cache().isPresent() ? trees : places).add(place(below(root, target)));
      }
    }
    files.forEach(
        (option, file) -> {
          if (places.contains(place(file))) {
            throw clash(option, file, "is the place of a model");
          }
          for (Path at = place(file); at != null; at = at.getParent()) {
            if (trees.contains(at)) {
              throw clash(option, file, "lies in " + at + ", which models fill");
            }
          }
        });
  }

  private static Path below(Path root, Target.Resolved target) {
    return root.resolve(Path.of("/").relativize(target.base()));
  }

  /** The path without links in its directories, as far as these are there. */
  private static Path place(Path path) {
    Path whole = path.toAbsolutePath().normalize();
    Path name = whole.getFileName();
    Path parent = whole.getParent();
    if (parent == null || name == null) {
      return whole;
    }
    try {
      return parent.toRealPath().resolve(name);
    } catch (IOException e) {
      return place(parent).resolve(name);
    }
  }

  private static UsageException clash(String option, Path file, String what) {
    return new UsageException(
        "reading " + option, file + " " + what, "name another file; nothing was touched");
  }
}
