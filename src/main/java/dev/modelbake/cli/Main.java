package dev.modelbake.cli;

/** The entrance of the process. */
public final class Main {
  private Main() {}

  /** Runs one command and ends the process with its exit code. */
  public static void main(String[] args) {
    Silence.fall();
    System.exit(CommandTree.run(Session.ofProcess(), args));
  }
}
