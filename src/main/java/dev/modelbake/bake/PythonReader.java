package dev.modelbake.bake;

import dev.modelbake.json.JsonBounds;
import dev.modelbake.json.JsonException;
import dev.modelbake.json.JsonObject;
import dev.modelbake.json.JsonReader;
import dev.modelbake.plan.PythonPackages;
import dev.modelbake.plan.PythonPackages.Absence;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/** Asks the image's own python3 where packages are, without importing them. */
final class PythonReader {
  /** {@code find_spec} of a top-level name looks for the package and runs none of its code. */
  private static final String PROGRAM =
      """
      import importlib.util, json, os, sys
      sys.path = [entry for entry in sys.path if entry]
      found = {}
      for name in sys.argv[1:]:
          spec = importlib.util.find_spec(name)
          places = list(spec.submodule_search_locations or []) if spec else []
          if places:
              found[name] = os.path.abspath(places[0])
      print(json.dumps(found))
      """;

  private static final String SITES =
      """
      import json, sys
      print(json.dumps({p: p for p in sys.path if p.endswith("-packages")}))
      """;

  private static final int MOST_BYTES = 64 << 10;
  private static final JsonBounds BOUNDS = new JsonBounds(MOST_BYTES, 2);
  private static final int SECONDS = 30;

  private final Map<String, String> environment;

  PythonReader(Map<String, String> environment) {
    this.environment = environment;
  }

  /** Where packages are for the first {@code python3} of {@code PATH}. */
  PythonPackages packages(Path root, SortedSet<String> asked) {
    if (asked.isEmpty()) {
      return PythonPackages.NONE;
    }
    if (!root.equals(Path.of("/"))) {
      return absent(
          "the python3 below --root cannot be asked",
          "run the bake inside the image, or give the directory with --dir NAME=PATH");
    }
    List<Path> pythons = pythons();
    if (pythons.isEmpty()) {
      return absent(
          "there is no python3 in PATH",
          "bake after Python and the package are installed, or give --dir NAME=PATH");
    }
    Map<String, String> found = ask(pythons.get(0), asked);
    List<String> missing = asked.stream().filter(name -> !found.containsKey(name)).toList();
    return new PythonPackages(found, missing.isEmpty() ? unasked() : missing(pythons, missing));
  }

  private static Absence unasked() {
    return PythonPackages.NONE.absence();
  }

  /** Another Python that has the packages is the likeliest reason. */
  private Absence missing(List<Path> pythons, List<String> packages) {
    for (Path other : pythons.subList(1, pythons.size())) {
      if (!ask(other, packages).isEmpty()) {
        return new Absence(
            "the first python3 in PATH, %s, has it not, but %s has"
                .formatted(pythons.get(0), other),
            "put the Python that runs the application first in PATH");
      }
    }
    return new Absence(
        pythons.get(0) + " does not find it",
        "run the bake after pip install, with the same python3 first in PATH, or give --dir"
            + " NAME=PATH");
  }

  private static PythonPackages absent(String what, String remedy) {
    return new PythonPackages(Map.of(), new Absence(what, remedy));
  }

  /** The different interpreters of that name, in the order of {@code PATH}. */
  private List<Path> pythons() {
    List<Path> found = new ArrayList<>();
    List<Path> real = new ArrayList<>();
    for (String directory : environment.getOrDefault("PATH", "").split(":", -1)) {
      try {
        // A virtual environment links to the interpreter it was made with, and is another Python.
        Path folder = Path.of(directory).toRealPath();
        if (directory.startsWith("/")
            && Files.isExecutable(folder.resolve("python3"))
            && !real.contains(folder)) {
          real.add(folder);
          found.add(Path.of(directory).resolve("python3"));
        }
      } catch (IOException | InvalidPathException e) {
        // An entry of PATH that leads nowhere; a shell passes it over too.
      }
    }
    return found;
  }

  /** The directories of packages of every {@code python3} of {@code PATH}. */
  List<Path> sites() {
    return pythons().stream()
        .flatMap(python -> ask(python, SITES, List.of()).keySet().stream())
        .distinct()
        .map(Path::of)
        .toList();
  }

  private Map<String, String> ask(Path python, Iterable<String> packages) {
    return ask(python, PROGRAM, packages);
  }

  private Map<String, String> ask(Path python, String program, Iterable<String> packages) {
    List<String> command = new ArrayList<>(List.of(python.toString(), "-c", program));
    packages.forEach(command::add);
    Map<String, String> found = new TreeMap<>();
    try {
      ProcessBuilder builder = new ProcessBuilder(command).directory(Path.of("/").toFile());
      builder.environment().clear();
      builder.environment().putAll(environment);
      builder.redirectError(ProcessBuilder.Redirect.DISCARD);
      builder.redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
      Process process = builder.start();
      try {
        // Waits first: a read could not be interrupted, and the answer fits into the pipe.
        boolean ended = process.waitFor(SECONDS, TimeUnit.SECONDS);
        if (ended && process.exitValue() == 0) {
          byte[] answer = process.getInputStream().readNBytes(MOST_BYTES);
          if (JsonReader.read(answer, BOUNDS) instanceof JsonObject object) {
            for (String name : object.names()) {
              object.string(name).ifPresent(place -> found.put(name, place));
            }
          }
        }
      } finally {
        process.destroyForcibly();
      }
    } catch (IOException | JsonException e) {
      // What cannot be asked has no packages; the absence is told with the target.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return found;
  }
}
