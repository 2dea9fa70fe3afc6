package dev.modelbake.mirror;

import dev.modelbake.fetch.Fetched;
import dev.modelbake.fetch.Fetcher;
import dev.modelbake.model.BakeEvent;
import dev.modelbake.model.BakeException;
import dev.modelbake.model.BakeListener;
import dev.modelbake.model.CannotCreateException;
import dev.modelbake.model.Descriptor;
import dev.modelbake.model.Digest;
import dev.modelbake.model.DiskException;
import dev.modelbake.model.MirrorFailedException;
import dev.modelbake.model.PlannedFile;
import dev.modelbake.model.Reason;
import dev.modelbake.store.BlobStore;
import dev.modelbake.store.StoreLocks;
import dev.modelbake.store.StoreLocks.Held;
import dev.modelbake.work.Workers;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;

/** Brings many blobs into a store, several at once. */
record Downloads(Fetcher fetcher, Workers workers, BakeListener listener) {
  private static final Duration PATIENCE = Duration.ofMinutes(10);

  /** Works on a mirror's directory. */
  @FunctionalInterface
  interface Work<T> {
    T on(BlobStore store);
  }

  /**
   * Works on a directory while no other run writes a mirror there.
   *
   * @throws CannotCreateException if it cannot be made or written
   */
  <T> T alone(Path directory, Work<T> work) {
    try (BlobStore store = BlobStore.layout(directory)) {
      fetcher.use(store);
      if (store.locks().isEmpty()) {
        return work.on(store);
      }
      StoreLocks locks = store.locks().get();
      Waiting waiting = new Waiting(directory, PATIENCE);
      try (Held alone =
          waiting.take(locks::takeIndex, "writing the mirror", "another run writes it")) {
        return alone.during(() -> work.on(store));
      }
    } catch (IOException e) {
      throw new CannotCreateException(
          directory.toString(),
          "the mirror cannot be made there: " + reason(e),
          "name a directory that may be written, on a disk that is there",
          e);
    }
  }

  private static String reason(IOException e) {
    return e instanceof FileAlreadyExistsException ? "it is no directory" : Reason.of(e);
  }

  /**
   * Brings what is not there yet; all are tried.
   *
   * @param files what to bring, by digest
   * @throws BakeException if anything is missing; the rest is in the store
   */
  Map<Digest, Fetched> into(BlobStore store, Map<Digest, PlannedFile> files) {
    long bytes = files.values().stream().mapToLong(Downloads::size).sum();
    listener.on(new BakeEvent.Planned(files.size(), 0, bytes));
    Map<Digest, Fetched> fetched = new ConcurrentHashMap<>();
    List<BakeException> failures =
        workers.forEach(
            List.copyOf(files.entrySet()),
            "fetching",
            one -> fetched.put(one.getKey(), bring(one.getValue(), store)));
    if (!failures.isEmpty()) {
      throw new MirrorFailedException(
          "filling " + store.root(), "the index is as it was", failures);
    }
    return fetched;
  }

  private Fetched bring(PlannedFile file, BlobStore store) {
    try {
      Fetched fetched = fetcher.fetch(file, store);
      store.tidy(fetched.blob().descriptor().digest());
      return fetched;
    } catch (IOException e) {
      throw new DiskException(
          "filling " + store.root(), store.root().toString(), reason(e), "look at that disk", e);
    } catch (BakeException failure) {
      listener.on(new BakeEvent.Failed(file.name(), failure));
      throw failure;
    }
  }

  private static long size(PlannedFile file) {
    return file.pin().map(Descriptor::size).orElse(OptionalLong.empty()).orElse(0);
  }
}
