package dev.modelbake.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.spi.ToolProvider;

/**
 * The command line for programs: {@code ToolProvider.findFirst("modelbake")}.
 *
 * <p>A run writes to the writers it is given and nowhere else, ends neither the process nor any
 * thread but its own, and changes nothing that the process has once: no handler of signals, no
 * locale, no system property. Runs may overlap. An interrupt of its thread ends one with 130.
 * {@code guard} and {@code record}, which hand a command the streams of the process, are refused
 * with 64.
 */
public final class Tool implements ToolProvider {
  /** For {@link java.util.ServiceLoader}. */
  public Tool() {}

  @Override
  public String name() {
    return "modelbake";
  }

  /** Runs one command and returns its exit code, as the program would end with it. */
  @Override
  public int run(PrintWriter out, PrintWriter err, String... arguments) {
    return CommandTree.run(
        Session.ofGuest(
            System.getenv(),
            new Output("the first writer", stream(out), StandardCharsets.UTF_8),
            new Output("the second writer", stream(err), StandardCharsets.UTF_8)),
        arguments);
  }

  /** An output writes whole texts, so no character is ever cut in two. */
  private static OutputStream stream(PrintWriter writer) {
    return new OutputStream() {
      @Override
      public void write(int one) throws IOException {
        write(new byte[] {(byte) one}, 0, 1);
      }

      @Override
      public void write(byte[] bytes, int offset, int length) throws IOException {
        writer.write(new String(bytes, offset, length, StandardCharsets.UTF_8));
        if (writer.checkError()) {
          throw new IOException("the writer failed");
        }
      }
    };
  }
}
