package dev.modelbake.mirror;

import dev.modelbake.fetch.Fetched;
import dev.modelbake.fetch.Fetcher;
import dev.modelbake.fetch.Runs;
import dev.modelbake.model.BakeEvent;
import dev.modelbake.model.BakeException;
import dev.modelbake.model.BakeListener;
import dev.modelbake.model.CannotCreateException;
import dev.modelbake.model.Descriptor;
import dev.modelbake.model.Digest;
import dev.modelbake.model.MirrorFailedException;
import dev.modelbake.model.PlannedFile;
import dev.modelbake.store.BlobStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;

/** Brings many blobs into a store, several at once. */
record Downloads(Fetcher fetcher, Runs runs, BakeListener listener) {
  /**
   * Brings what is not there yet; all are tried.
   *
   * @param files what to bring, by digest
   * @throws BakeException if anything is missing; the rest is in the store
   */
  Map<Digest, Fetched> into(Path directory, Map<Digest, PlannedFile> files) {
    long bytes = files.values().stream().mapToLong(Downloads::size).sum();
    listener.on(new BakeEvent.Planned(files.size(), 0, bytes));
    Map<Digest, Fetched> fetched = new ConcurrentHashMap<>();
    try (BlobStore store = BlobStore.layout(directory)) {
      fetcher.use(store);
      List<BakeException> failures =
          runs.forEach(
              List.copyOf(files.entrySet()),
              one -> fetched.put(one.getKey(), bring(one.getValue(), store)));
      if (!failures.isEmpty()) {
        throw new MirrorFailedException("filling " + directory, "the index is as it was", failures);
      }
      return fetched;
    } catch (IOException e) {
      throw new CannotCreateException(
          directory.toString(),
          "the mirror cannot be made there: " + e.getClass().getSimpleName(),
          "name a directory that may be written, on a disk that is there",
          e);
    }
  }

  private Fetched bring(PlannedFile file, BlobStore store) {
    try {
      return fetcher.fetch(file, store);
    } catch (BakeException failure) {
      listener.on(new BakeEvent.Failed(file.name(), failure));
      throw failure;
    }
  }

  private static long size(PlannedFile file) {
    return file.pin().map(Descriptor::size).orElse(OptionalLong.empty()).orElse(0);
  }
}
