package dev.modelbake.cli;

import dev.modelbake.model.UsageException;
import java.io.IOException;
import java.io.Writer;
import java.util.Map;
import java.util.OptionalInt;

/**
 * What a command may know of the process it runs in.
 *
 * @param out for data
 * @param err for people
 * @param standing whether the process is ours
 */
record Session(Map<String, String> environment, Output out, Output err, Standing standing) {
  Session {
    environment = Map.copyOf(environment);
  }

  /** In a process of our own. */
  Session(Map<String, String> environment, Output out, Output err) {
    this(environment, out, err, Standing.OWNER);
  }

  /** Whose process it is. */
  enum Standing {
    /** Ours: its signals are for us, and its streams. */
    OWNER,
    /** Another program's, which called us. */
    GUEST
  }

  static Session ofGuest(Map<String, String> environment, Output out, Output err) {
    return new Session(environment, out, err, Standing.GUEST);
  }

  /**
   * Asks for a process of our own.
   *
   * @throws UsageException if another program called us
   */
  void requireProcess(String command) {
    if (standing == Standing.GUEST) {
      throw new UsageException(
          "running modelbake " + command,
          "it hands a command the streams and signals of a process, and this one is another"
              + " program's",
          "start the program, or call ModelBake." + command);
    }
  }

  /** What people's output is connected to. */
  Terminal terminal() {
    return standing == Standing.OWNER ? Terminal.ofStandardError(environment) : Terminal.none();
  }

  /** Prints a text for people on standard output; on a terminal its lines are folded. */
  void printFolded(String text) {
    OptionalInt columns =
        standing == Standing.OWNER
            ? Terminal.widthOfStandardOutput(environment)
            : OptionalInt.empty();
    if (columns.isEmpty()) {
      out.print(text);
      return;
    }
    text.lines().forEach(line -> out.line(Folded.at(columns.getAsInt(), line)));
  }

  static Session ofProcess() {
    Map<String, String> environment = System.getenv();
    return new Session(environment, Output.standardOut(), Output.standardError(environment));
  }

  /** An output as the argument parser wants it. */
  static Writer writer(Output output) {
    return new Writer() {
      @Override
      public void write(char[] text, int offset, int length) {
        output.print(new String(text, offset, length));
      }

      @Override
      public void flush() {}

      @Override
      public void close() throws IOException {}
    };
  }
}
