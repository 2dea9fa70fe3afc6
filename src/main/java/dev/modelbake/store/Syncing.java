package dev.modelbake.store;

import dev.modelbake.model.InterruptedBakeException;
import java.io.File;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Makes many files survive a power failure: a tree by one pass over its file system, which is
 * syncfs(2), others several at once, since a journalling file system commits what waits together.
 */
public final class Syncing {
  private static final int THREADS = 8;

  /** From this number on one pass is sooner done. */
  private static final int TREE = 200;

  /** Java cannot ask for syncfs(2) itself; GNU coreutils and BusyBox can. */
  private static final List<Path> PROGRAMS =
      List.of(Path.of("/usr/bin/sync"), Path.of("/bin/sync"));

  private static final File NOTHING = new File("/dev/null");

  private Syncing() {}

  /** Makes a file, or the names in a directory, survive a power failure. */
  public static void one(Path path) throws IOException {
    if (Files.isDirectory(path) && Privacy.at(path).length == 0) {
      return; // Windows opens no directory
    }
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  /** Syncs all files; the first error ends it. */
  public static void all(List<Path> files) throws IOException {
    if (files.size() < TREE || !together(files, PROGRAMS)) {
      each(files);
    }
  }

  /**
   * One pass over each file system.
   *
   * @return false if that cannot be done here
   */
  static boolean together(List<Path> files, List<Path> programs) throws IOException {
    Optional<Path> program = programs.stream().filter(Files::isExecutable).findFirst();
    if (program.isEmpty()) {
      return false;
    }
    Map<Long, Path> oneOfEach = new HashMap<>();
    for (Path file : files) {
      oneOfEach.put((Long) Files.getAttribute(file, "unix:dev", LinkOption.NOFOLLOW_LINKS), file);
    }
    for (Path file : oneOfEach.values()) {
      if (!ended(program.get(), file)) {
        return false;
      }
    }
    return true;
  }

  private static boolean ended(Path program, Path file) throws IOException {
    Process process =
        new ProcessBuilder(program.toString(), "-f", file.toString())
            .redirectInput(ProcessBuilder.Redirect.from(NOTHING))
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    try {
      return process.waitFor() == 0;
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
      throw new InterruptedBakeException("syncing");
    }
  }

  private static void each(List<Path> files) throws IOException {
    ExecutorService pool =
        Executors.newFixedThreadPool(
            Math.max(1, Math.min(THREADS, files.size())),
            work -> {
              Thread thread = new Thread(work, "modelbake-sync");
              thread.setDaemon(true);
              return thread;
            });
    try {
      List<Future<?>> running = new ArrayList<>();
      for (Path file : files) {
        running.add(
            pool.submit(
                () -> {
                  one(file);
                  return null;
                }));
      }
      for (Future<?> one : running) {
        one.get();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedBakeException("syncing");
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException error) {
        throw error;
      }
      throw new IllegalStateException(e.getCause());
    } finally {
      pool.shutdownNow();
    }
  }
}
