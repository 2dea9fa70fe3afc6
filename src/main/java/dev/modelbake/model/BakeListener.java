package dev.modelbake.model;

/** Hears of a run's progress: fast, no locks, no throw; called from several threads. */
@FunctionalInterface
public interface BakeListener {
  /** A listener that does nothing. */
  BakeListener NONE = event -> {};

  /** Hears of one event. */
  void on(BakeEvent event);
}
