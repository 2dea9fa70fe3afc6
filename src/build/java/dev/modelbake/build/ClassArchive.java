package dev.modelbake.build;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
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
    try (TrainingOrigin origin = TrainingOrigin.start(training.resolve("files"), scratch)) {
      Set<String> classes = new LinkedHashSet<>();
      for (String line : Files.readAllLines(training.resolve("commands"))) {
        if (!line.isBlank() && !line.startsWith("#")) {
          String arguments =
              line.replace("@ORIGIN@", origin.url())
                  .replace("@CA@", origin.authority().toString())
                  .replace("@TRAINING@", training.toString())
                  .replace("@TMP@", scratch.toString());
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
    command.addAll(List.of(arguments.split(" ", -1)));
    ProcessBuilder builder = new ProcessBuilder(command);
    for (String proxy : List.of("http_proxy", "https_proxy", "all_proxy")) {
      builder.environment().remove(proxy);
      builder.environment().remove(proxy.toUpperCase(Locale.ROOT));
    }
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
