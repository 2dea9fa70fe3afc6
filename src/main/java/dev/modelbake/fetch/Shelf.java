package dev.modelbake.fetch;

import dev.modelbake.http.Time;
import dev.modelbake.model.BakeEvent;
import dev.modelbake.model.BakeListener;
import dev.modelbake.model.Descriptor;
import dev.modelbake.model.Reason;
import dev.modelbake.store.BlobStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The store of a run, when there is one. It only saves work: whatever is wrong with it is a notice,
 * and the run goes on without it. Safe for use by several threads.
 */
final class Shelf implements AutoCloseable {
  private final Optional<Path> directory;
  private final BakeListener listener;
  private final Time time;
  private @Nullable BlobStore store;
  private boolean opened;

  Shelf(Optional<Path> directory, BakeListener listener, Time time) {
    this.directory = directory;
    this.listener = listener;
    this.time = time;
  }

  /** The store; empty when there is none or it was given up. */
  synchronized Optional<BlobStore> store() {
    if (!opened && directory.isPresent()) {
      opened = true;
      try {
        store = BlobStore.layout(directory.get());
        new Turns(listener, time).use(store);
      } catch (IOException e) {
        notice("the store %s cannot be written (%s), so it is not used", e);
      }
    }
    return Optional.ofNullable(store);
  }

  /** A file of the store that should hold these bytes; one that cannot be written is read. */
  Optional<Path> find(Descriptor wanted) {
    try {
      return directory.isPresent()
          ? BlobStore.layoutForReading(directory.get()).find(wanted)
          : Optional.empty();
    } catch (IOException e) {
      notice("the store %s cannot be read (%s)", e);
      return Optional.empty();
    }
  }

  /** Renames a file with wrong bytes. */
  void setAside(Path wrong) {
    try {
      Path aside = BlobStore.layoutForReading(directory.orElseThrow()).setAside(wrong);
      listener.on(
          new BakeEvent.Notice(
              "%s did not hold the bytes its name says; it is now %s"
                  .formatted(wrong, aside.getFileName())));
    } catch (IOException e) {
      notice("a damaged file in the store %s could not be set aside (%s)", e);
    }
  }

  /** Gives the store up for the rest of the run. */
  synchronized void giveUp(String why) {
    if (store != null) {
      close();
      store = null;
      listener.on(new BakeEvent.Notice("the store is not used any more: " + why));
    }
  }

  @Override
  public synchronized void close() {
    try {
      if (store != null) {
        store.close();
      }
    } catch (IOException e) {
      notice("the store %s was not let go of (%s)", e);
    }
  }

  private void notice(String text, IOException e) {
    String where = directory.map(Path::toString).orElse("");
    listener.on(new BakeEvent.Notice(text.formatted(where, Reason.of(e))));
  }
}
