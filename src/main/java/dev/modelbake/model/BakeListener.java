package dev.modelbake.model;

/**
 * Hears of a run's progress, while it runs.
 *
 * <ul>
 *   <li><b>Threads.</b> Events come from the calling thread and from threads of the run, but in one
 *       call of the library never two at the same time. A listener of several calls hears them at
 *       the same time when they run at the same time. After a call has ended it hears nothing more
 *       of it.
 *   <li><b>Order.</b> {@link BakeEvent} has it: that of a run, and that of one file; events of
 *       different files come mixed.
 *   <li><b>Quick.</b> The work waits for the listener. It must not block, nor call back into the
 *       library; it may interrupt the calling thread, to stop the call.
 *   <li><b>No throw.</b> What it throws stops nothing: it goes to the uncaught-exception handler of
 *       the thread that it came to, and for the rest of that call the listener hears nothing.
 * </ul>
 */
@FunctionalInterface
public interface BakeListener {
  /** A listener that does nothing. */
  BakeListener NONE = event -> {};

  /** Hears of one event. */
  void on(BakeEvent event);
}
