package dev.modelbake.bake;

import dev.modelbake.model.BakeEvent;
import dev.modelbake.model.BakeListener;

/** Keeps the promises of {@link BakeListener} for one call: one event at a time, no harm done. */
final class Hearing implements BakeListener {
  private final BakeListener next;
  private boolean deaf;

  Hearing(BakeListener next) {
    this.next = next;
  }

  @Override
  public synchronized void on(BakeEvent event) {
    if (deaf) {
      return;
    }
    try {
      next.on(event);
    } catch (RuntimeException | Error thrown) {
      deaf = true;
      Thread here = Thread.currentThread();
      here.getUncaughtExceptionHandler().uncaughtException(here, thrown);
    }
  }
}
