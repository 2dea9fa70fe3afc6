package dev.modelbake.build;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Other programs, whose output matters only when they fail. */
final class Run {
  private Run() {}

  static void quietly(List<String> command) throws IOException, InterruptedException {
    quietly(new ProcessBuilder(command));
  }

  static void quietly(ProcessBuilder builder) throws IOException, InterruptedException {
    Process process = builder.redirectErrorStream(true).start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new UncheckedIOException(
          new IOException(
              builder.command() + " ended with " + process.exitValue() + "\n" + output));
    }
  }
}
