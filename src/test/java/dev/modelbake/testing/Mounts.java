package dev.modelbake.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** Mounts and file flags for one test, all of which can be taken back. */
public final class Mounts {
  private final Deque<List<String>> reverse = new ArrayDeque<>();

  private Mounts() {}

  /** No mounts. */
  public static Mounts none() {
    return new Mounts();
  }

  /** The test is skipped when it does not run as root, and fails there in CI. */
  public static Mounts asRoot() throws IOException {
    boolean root =
        Files.getAttribute(Path.of("/proc/self/fd"), "unix:uid") instanceof Integer uid && uid == 0;
    if (Boolean.parseBoolean(System.getenv("CI"))) {
      assertTrue(root, "this test needs root");
    }
    assumeTrue(root, "this test needs root");
    return new Mounts();
  }

  /** A fresh file system in memory. */
  public Path memory(Path at, String options) throws IOException, InterruptedException {
    Files.createDirectories(at);
    return mounted(at, "mount", "-t", "tmpfs", "-o", options, "tmpfs", at.toString());
  }

  /** A second name of a directory. */
  public Path bound(Path from, Path at) throws IOException, InterruptedException {
    Files.createDirectories(at);
    return mounted(at, "mount", "--bind", from.toString(), at.toString());
  }

  /** A second name of a directory through which nothing can be written. */
  public Path readOnly(Path from, Path at) throws IOException, InterruptedException {
    bound(from, at);
    run("mount", "-o", "remount,ro,bind", at.toString());
    return at;
  }

  /** What a RUN step sees: a lower layer and a writable one above it. */
  public Path layered(Path lower, Path work, Path at) throws IOException, InterruptedException {
    Files.createDirectories(at);
    Path upper = Files.createDirectories(work.resolve("upper"));
    Path scratch = Files.createDirectories(work.resolve("work"));
    String options = "lowerdir=%s,upperdir=%s,workdir=%s".formatted(lower, upper, scratch);
    return mounted(at, "mount", "-t", "overlay", "overlay", "-o", options, at.toString());
  }

  /** Makes a file or directory immutable, even for root. */
  public void freeze(Path path) throws IOException, InterruptedException {
    run("chattr", "+i", path.toString());
    reverse.push(List.of("chattr", "-i", path.toString()));
  }

  private Path mounted(Path at, String... command) throws IOException, InterruptedException {
    run(command);
    reverse.push(List.of("umount", at.toString()));
    return at;
  }

  /** Runs a command that must succeed and gives its output. */
  public static String run(String... command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), () -> String.join(" ", command) + ": " + output);
    return output;
  }

  /** Takes everything back. */
  public void takeBack() throws IOException, InterruptedException {
    List<String> failures = new ArrayList<>();
    while (!reverse.isEmpty()) {
      List<String> command = reverse.pop();
      Process process = new ProcessBuilder(command).inheritIO().start();
      if (process.waitFor() != 0) {
        failures.add(String.join(" ", command));
      }
    }
    assertEquals(List.of(), failures);
  }
}
