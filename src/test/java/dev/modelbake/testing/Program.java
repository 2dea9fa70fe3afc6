package dev.modelbake.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Another program, to be run to its end. */
public record Program(List<String> command, Map<String, String> environment, Path directory) {
  private static final long MOST_MINUTES = 10;

  /** In the directory of the project, with the environment of the tests. */
  public static Program of(Object... command) {
    return new Program(
        Arrays.stream(command).map(Object::toString).toList(), Map.of(), Path.of(""));
  }

  /** The same with a variable set; an empty value takes it away. */
  public Program with(String name, String value) {
    Map<String, String> changed = new TreeMap<>(environment);
    changed.put(name, value);
    return new Program(command, changed, directory);
  }

  /** The same in another directory. */
  public Program in(Path other) {
    return new Program(command, environment, other);
  }

  /** The same with further arguments. */
  public Program and(Object... arguments) {
    return new Program(
        Stream.concat(command.stream(), Arrays.stream(arguments).map(Object::toString)).toList(),
        environment,
        directory);
  }

  /** Runs it and waits; both streams are kept apart. */
  public Ended run() {
    try {
      Path out = Files.createTempFile("modelbake-out", "");
      Path err = Files.createTempFile("modelbake-err", "");
      try {
        Process process =
            builder().redirectOutput(out.toFile()).redirectError(err.toFile()).start();
        process.getOutputStream().close();
        if (!process.waitFor(MOST_MINUTES, TimeUnit.MINUTES)) {
          process.destroyForcibly().waitFor();
          throw new AssertionError(command + " did not end");
        }
        return new Ended(process.exitValue(), text(out), text(err));
      } finally {
        Files.delete(out);
        Files.delete(err);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(command + " was interrupted", e);
    }
  }

  /** For a test that has to watch it run. */
  public ProcessBuilder builder() {
    ProcessBuilder builder =
        new ProcessBuilder(command).directory(directory.toAbsolutePath().toFile());
    environment.forEach(
        (name, value) -> {
          if (value.isEmpty()) {
            builder.environment().remove(name);
          } else {
            builder.environment().put(name, value);
          }
        });
    return builder;
  }

  /** Whether a program of this name is on the path. */
  public static boolean exists(String name) {
    return Stream.of(System.getenv("PATH").split(":", -1))
        .anyMatch(directory -> Files.isExecutable(Path.of(directory, name)));
  }

  private static String text(Path file) throws IOException {
    return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
  }

  /** What is left of a program that ran. */
  public record Ended(int exit, String out, String err) {
    /** This, when it ended well. */
    public Ended ok() {
      if (exit != 0) {
        throw new AssertionError("ended with " + this);
      }
      return this;
    }

    /** Everything it wrote. */
    public String all() {
      return out + err;
    }

    @Override
    public String toString() {
      return exit + "\n" + out + "\n" + err;
    }
  }
}
