package dev.modelbake.cli;

import java.io.IOException;
import java.io.Writer;
import java.util.Map;

/**
 * What a command may know of the process it runs in.
 *
 * @param out for data
 * @param err for people
 */
record Session(Map<String, String> environment, Output out, Output err) {
  Session {
    environment = Map.copyOf(environment);
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
