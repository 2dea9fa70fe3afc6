package dev.modelbake.build;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The class-data archive: classes as the JVM holds them in memory, mapped at the start instead of
 * being read, verified and linked.
 *
 * <p>A static archive of the classes that a few training runs use. Measured beside it, an
 * ahead-of-time cache of JDK 25 starts {@code --version} no faster and a bake by a sixth; but it
 * learns from one process only, differs from build to build, and older runtimes have none.
 */
final class ClassArchive {
  private final Path home;
  private final Path training;

  ClassArchive(Path home, Path training) {
    this.home = home;
    this.training = training;
  }

  void write() throws IOException, InterruptedException {
    Path scratch = Files.createTempDirectory("modelbake-training");
    try {
      Set<String> classes = new LinkedHashSet<>();
      for (String arguments : Files.readAllLines(training.resolve("commands"))) {
        if (!arguments.isBlank() && !arguments.startsWith("#")) {
          classes.addAll(train(arguments, scratch));
        }
      }
      Path list = scratch.resolve("classes");
      Files.write(list, classes);
      Run.quietly(
          List.of(
              home.resolve("runtime/bin/java").toString(),
              "-XX:+UseSerialGC",
              "-Xshare:dump",
              "-XX:SharedClassListFile=" + list,
              "-XX:SharedArchiveFile=" + home.resolve("lib/modelbake.jsa"),
              "-cp",
              home.resolve("lib/modelbake.jar").toString()));
    } finally {
      delete(scratch);
    }
  }

  /** Runs a command with the launcher and answers the classes it used. */
  private List<String> train(String arguments, Path scratch)
      throws IOException, InterruptedException {
    Path list = scratch.resolve("list");
    List<String> command = new ArrayList<>(List.of(home.resolve("bin/modelbake").toString()));
    for (String argument : arguments.split(" ", -1)) {
      command.add(
          argument.replace("@TRAINING@", training.toString()).replace("@TMP@", scratch.toString()));
    }
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("MODELBAKE_JAVA_OPTS", "-Xshare:off -XX:DumpLoadedClassList=" + list);
    Run.quietly(builder);
    // Without the numbers that tie lines of one run to each other.
    return Files.readAllLines(list).stream()
        .filter(line -> !line.startsWith("#"))
        .map(line -> line.replaceFirst(" id: \\d+$", ""))
        .toList();
  }

  private static void delete(Path directory) throws IOException {
    try (var paths = Files.walk(directory)) {
      for (Path path : paths.sorted(java.util.Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
