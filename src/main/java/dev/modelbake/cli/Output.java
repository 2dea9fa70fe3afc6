package dev.modelbake.cli;

import dev.modelbake.model.DiskException;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where text goes; remembers the first write that failed instead of throwing it, so that a closed
 * pipe does not stop the work, and instead of forgetting it, as PrintStream does.
 */
final class Output {
  private final String name;
  private final OutputStream out;
  private final Charset charset;
  private @Nullable IOException failure;

  /**
   * An output.
   *
   * @param name for messages, such as {@code standard error}
   */
  Output(String name, OutputStream out, Charset charset) {
    this.name = name;
    this.out = out;
    this.charset = charset;
  }

  /** Standard output, for data: always UTF-8. */
  static Output standardOut() {
    return new Output(
        "standard output", new FileOutputStream(FileDescriptor.out), StandardCharsets.UTF_8);
  }

  /** Standard error, for people: in the encoding of their locale. */
  static Output standardError(Map<String, String> environment) {
    return new Output(
        "standard error", new FileOutputStream(FileDescriptor.err), charset(environment));
  }

  /**
   * The encoding of a locale. Without one, as in most image builds, the log is read elsewhere, and
   * as UTF-8.
   */
  static Charset charset(Map<String, String> environment) {
    String locale = locale(environment);
    String encoding = System.getProperty("native.encoding", "UTF-8");
    return locale.isEmpty() || locale.equals("C") || locale.equals("POSIX")
        ? StandardCharsets.UTF_8
        : Charset.isSupported(encoding) ? Charset.forName(encoding) : StandardCharsets.UTF_8;
  }

  /** The locale of characters: the first of three variables that is not empty, as POSIX has it. */
  static String locale(Map<String, String> environment) {
    for (String variable : new String[] {"LC_ALL", "LC_CTYPE", "LANG"}) {
      String value = environment.getOrDefault(variable, "");
      if (!value.isEmpty()) {
        return value;
      }
    }
    return "";
  }

  /** Writes text in one piece and flushes it; does nothing once a write has failed. */
  synchronized void print(String text) {
    if (failure != null || text.isEmpty()) {
      return;
    }
    try {
      out.write(text.getBytes(charset));
      out.flush();
    } catch (IOException e) {
      failure = e;
    }
  }

  /** Writes one line. */
  void line(String text) {
    print(text + "\n");
  }

  /** The first write that failed. */
  synchronized Optional<IOException> failure() {
    return Optional.ofNullable(failure);
  }

  /**
   * Asks whether all was written.
   *
   * @throws DiskException when it was not
   */
  void check() {
    failure()
        .ifPresent(
            cause -> {
              throw new DiskException(
                  "writing to " + name,
                  name,
                  "the output is not writable: " + cause.getMessage(),
                  "keep the reader of the pipe open, or give it a disk with space",
                  cause);
            });
  }
}
