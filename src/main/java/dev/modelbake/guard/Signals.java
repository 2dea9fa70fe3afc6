package dev.modelbake.guard;

import java.util.function.Consumer;

/** Where signals for a running command come from. */
public interface Signals {
  /** No signals: the command is stopped by an interrupt of the calling thread. */
  Signals NONE = command -> () -> {};

  /**
   * Begins to hand on signals.
   *
   * @param command takes names, such as {@code TERM}
   */
  Forwarding to(Consumer<String> command);

  /** Ends when it is closed. */
  interface Forwarding extends AutoCloseable {
    @Override
    void close();
  }
}
