package dev.modelbake.mirror;

import dev.modelbake.mirror.MirrorIndex.MirrorFile;
import dev.modelbake.mirror.MirrorIndex.MirrorModel;
import dev.modelbake.model.CannotCreateException;
import dev.modelbake.model.Descriptor;
import dev.modelbake.model.Digest;
import dev.modelbake.model.DiskException;
import dev.modelbake.model.MissingException;
import dev.modelbake.model.Plan;
import dev.modelbake.model.Reason;
import dev.modelbake.model.TemporaryException;
import dev.modelbake.store.BlobStore;
import dev.modelbake.store.StoreLocks;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Removes from a store what no manifest names any more. */
public final class Collector {
  private final Duration patience;

  /**
   * A collector.
   *
   * @param patience how long it waits for builds that use the store
   */
  public Collector(Duration patience) {
    this.patience = patience;
  }

  /** Whether anything is done. */
  public enum Mode {
    REMOVE,
    /** Only say what would be. */
    DRY_RUN
  }

  /**
   * Cleans a store up while nobody uses it.
   *
   * @param plan what is to stay: downloads, their parts, and what is unpacked from them
   * @throws MissingException if there is no store
   * @throws TemporaryException if builds use it all the time
   */
  public Collected collect(Path store, Plan plan, Mode mode) {
    if (!Files.isDirectory(store.resolve("blobs").resolve("sha256"))) {
      throw new MissingException(
          "cleaning up the store " + store,
          "it is no store: there is no blobs/sha256 in it",
          "name the directory that --store named",
          null);
    }
    try (BlobStore opened = BlobStore.layout(store)) {
      if (opened.locks().isEmpty()) {
        return collect(store, kept(plan), mode);
      }
      StoreLocks locks = opened.locks().get();
      Waiting waiting = new Waiting(store, patience);
      try (StoreLocks.Held lock =
          waiting.take(locks::own, "cleaning up the store", "builds use it")) {
        return lock.during(() -> collect(store, kept(plan), mode));
      }
    } catch (AccessDeniedException e) {
      throw new CannotCreateException(
          store.toString(), "permission denied", "run it as whoever owns the store", e);
    } catch (IOException e) {
      throw new DiskException(
          "cleaning up the store " + store,
          store.toString(),
          Reason.of(e),
          "see that the store may be written",
          e);
    }
  }

  private static Set<Digest> kept(Plan plan) {
    Set<Digest> kept = new HashSet<>();
    for (Holding holding : Holding.of(plan)) {
      holding.pins().stream().map(Descriptor::digest).forEach(kept::add);
    }
    plan.files().forEach(file -> file.pin().ifPresent(pin -> kept.add(pin.digest())));
    return kept;
  }

  private static Collected collect(Path store, Set<Digest> wanted, Mode mode) throws IOException {
    MirrorDirectory mirror = new MirrorDirectory(store);
    Optional<MirrorIndex> old = mirror.index();
    Optional<MirrorIndex> left = old.map(index -> without(index, wanted));
    Set<String> kept = new HashSet<>();
    wanted.forEach(digest -> kept.add(digest.hex()));
    left.ifPresent(index -> kept.addAll(Contents.of(index).names()));
    List<Path> doomed = new ArrayList<>();
    int stays = 0;
    try (DirectoryStream<Path> blobs =
        Files.newDirectoryStream(store.resolve("blobs").resolve("sha256"))) {
      for (Path blob : blobs) {
        if (kept.contains(String.valueOf(blob.getFileName()))) {
          stays++;
        } else if (Files.isRegularFile(blob, LinkOption.NOFOLLOW_LINKS)) {
          doomed.add(blob);
        }
      }
    }
    try (DirectoryStream<Path> partials =
        Files.newDirectoryStream(store.resolve(".modelbake"), "*.{partial,journal,tmp,bad-*}")) {
      partials.forEach(doomed::add);
    }
    doomed.sort(null);
    long bytes = 0;
    for (Path path : doomed) {
      bytes += Files.size(path);
    }
    if (mode == Mode.REMOVE) {
      // The index first: it must never name what is gone.
      left.filter(index -> !old.equals(left))
          .ifPresent(
              index -> mirror.write(Contents.of(index), MirrorIndexJson.write(index), Map.of()));
      for (Path path : doomed) {
        Files.deleteIfExists(path);
      }
    }
    return new Collected(
        doomed.stream().map(path -> store.relativize(path).toString()).toList(), bytes, stays);
  }

  /** The index without the models that lose a file. */
  private static MirrorIndex without(MirrorIndex index, Set<Digest> wanted) {
    List<MirrorModel> models =
        index.models().stream()
            .filter(
                model ->
                    model.files().stream()
                        .map(MirrorFile::content)
                        .allMatch(content -> wanted.contains(content.digest())))
            .toList();
    MirrorIndex left = new MirrorIndex(index.name(), index.counter(), models, index.tool());
    return left.isSameAs(index) ? index : left.with(index.counter() + 1);
  }
}
