package dev.modelbake.cli;

import java.util.Locale;

/** The entrance of the process. */
public final class Main {
  private Main() {}

  /** Runs one command and ends the process with its exit code. */
  public static void main(String[] args) {
    Silence.fall();
    // Options sort and numbers print alike everywhere: Turkish has two letters i, Arabic its
    // digits.
    Locale.setDefault(Locale.ROOT);
    System.exit(CommandTree.run(Session.ofProcess(), args));
  }
}
