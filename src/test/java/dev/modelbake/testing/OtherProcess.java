package dev.modelbake.testing;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A process that holds the lock of a file until it is closed: another run that is alive. */
public final class OtherProcess implements Closeable {
  private final Process process;

  private OtherProcess(Process process) {
    this.process = process;
  }

  /** Starts one and waits until it has the lock. */
  public static OtherProcess holding(Path file) {
    try {
      Process process =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-cp",
                  System.getProperty("java.class.path"),
                  OtherProcess.class.getName(),
                  file.toString())
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      if (process.getInputStream().read() != 'h') {
        throw new AssertionError("no lock on " + file);
      }
      return new OtherProcess(process);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What it does. */
  public static void main(String[] args) throws IOException {
    try (FileChannel channel = FileChannel.open(Path.of(args[0]), StandardOpenOption.WRITE)) {
      System.out.print(channel.tryLock() == null ? 'n' : 'h');
      System.out.flush();
      while (System.in.read() >= 0) {
        Thread.onSpinWait();
      }
    }
  }

  /** Whether it still has the lock. */
  public boolean isAlive() {
    return process.isAlive();
  }

  /** Kills it: its locks are gone. */
  @Override
  public void close() {
    process.destroyForcibly();
    process.onExit().join();
  }
}
