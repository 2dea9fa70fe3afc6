package dev.modelbake.build;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Finds out which classes a few commands use, for the class-data archive: {@code java -cp
 * target/build-classes dev.modelbake.build.Training}, after {@code mvn package}. The next build
 * takes them.
 *
 * <p>The list is kept with the source rather than made by each build: which thread waits for which
 * decides about a few classes, so that no two lists are the same, nor would two archives be.
 */
public final class Training {
  /** How Java 22 and newer call zstd: two megabytes of an archive for who has zstd to unpack. */
  private static final Pattern FOREIGN = Pattern.compile("/(foreign|classfile)/");

  private final Path home;
  private final Path training;

  private Training(Path home, Path training) {
    this.home = home;
    this.training = training;
  }

  /**
   * The list for what this Java compiled: how lambdas are numbered, and so named, is the
   * compiler's. Of a Java without one that of 17 is taken, where many fit.
   */
  static Path list(Path training) {
    Path own = training.resolve("classes-" + Runtime.version().feature());
    return Files.exists(own) ? own : training.resolve("classes-17");
  }

  /** Rewrites the list of the Java that runs this, which is to be the one that compiled. */
  public static void main(String[] args) throws IOException, InterruptedException {
    Path training = Path.of("src/build/training").toAbsolutePath();
    SortedSet<String> classes =
        new Training(Path.of("target/modelbake").toAbsolutePath(), training).classes();
    Files.write(training.resolve("classes-" + Runtime.version().feature()), classes);
    System.out.println(classes.size() + " lines");
  }

  private SortedSet<String> classes() throws IOException, InterruptedException {
    Path scratch = Files.createTempDirectory("modelbake-training");
    try {
      SortedSet<String> classes = new TreeSet<>();
      for (String arguments : Files.readAllLines(training.resolve("commands"))) {
        if (!arguments.isBlank() && !arguments.startsWith("#")) {
          classes.addAll(usedBy(arguments, scratch));
        }
      }
      return classes;
    } finally {
      delete(scratch);
    }
  }

  /** Runs a command with the launcher and answers the classes it used. */
  private List<String> usedBy(String arguments, Path scratch)
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
    // Without the numbers that tie lines of one run to each other, and without the constants that
    // were resolved: they save 5 ms of a start, and differ from run to run.
    return Files.readAllLines(list).stream()
        .filter(line -> !line.startsWith("#") && !line.startsWith("@cp "))
        .filter(line -> !FOREIGN.matcher(line).find())
        .map(line -> line.replaceFirst(" id: \\d+$", ""))
        .toList();
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> paths = Files.walk(directory)) {
      for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
