package dev.modelbake.cli;

/**
 * The configuration of {@code java.util.logging} in this process: none, so that no library writes
 * to standard error past us. Named by a system property, it costs nothing until somebody logs.
 */
public final class Silence {
  /** Leaves every logger without a handler. */
  public Silence() {}

  static void fall() {
    System.setProperty("java.util.logging.config.class", Silence.class.getName());
  }
}
