package dev.modelbake.cli;

import dev.modelbake.model.BakeListener;
import java.time.Duration;

/** One form of showing progress. */
interface ProgressRenderer extends BakeListener {
  /** Shows nothing. */
  ProgressRenderer NONE = event -> {};

  /** Called now and then, also when nothing happens. */
  default void tick() {}

  /** How often {@link #tick} wants to be called; zero for never. */
  default Duration interval() {
    return Duration.ZERO;
  }

  /** Leaves the output in order. */
  default void end() {}
}
