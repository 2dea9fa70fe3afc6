package dev.modelbake.publish;

import dev.modelbake.model.Descriptor;
import dev.modelbake.model.DigestMismatchException;
import dev.modelbake.model.PlannedFile;
import dev.modelbake.model.Target;
import dev.modelbake.store.Blob;
import dev.modelbake.store.BlobStore;
import dev.modelbake.store.Partial;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Bytes at final places that are wanted at other places too, so that they need not be fetched. */
public record Standing(Staging staging) {
  private static final int BUFFER = 256 << 10;

  /**
   * Copies the bytes at a single file's place, which are proven on their way; empty when they are
   * not the pinned ones.
   */
  public Optional<Blob> copy(PlannedFile file, BlobStore into) {
    Target.Resolved target = Staging.target(file);
    List<Placement> placements = Placement.of(file, target);
    if (placements.size() != 1 || placements.get(0).pin().isEmpty()) {
      return Optional.empty();
    }
    Descriptor pin = placements.get(0).pin().get();
    return Failures.telling(
        "reading",
        target.path(),
        () -> {
          Optional<Path> path = place(placements.get(0), pin);
          return path.isPresent() ? copy(path.get(), pin, into) : Optional.empty();
        });
  }

  /** Where a regular file of the right size stands. */
  private Optional<Path> place(Placement placement, Descriptor pin) throws IOException {
    Path path = placement.path();
    if (placement.cache().isPresent()) {
      Target.Cache cache = placement.cache().get();
      Optional<Pointer> pointer =
          cache.blobName() == Target.BlobName.SHA256
              ? Optional.of(Pointer.to(pin.digest().hex(), path, cache))
              : staging.pointer(path, cache);
      if (pointer.isEmpty()) {
        return Optional.empty();
      }
      path = pointer.get().blob();
    }
    Path located = staging.paths().locate(path);
    return Stat.of(located)
        .filter(stat -> stat.type() == Stat.Type.FILE)
        .filter(stat -> stat.size() == pin.size().orElse(stat.size()))
        .map(stat -> located);
  }

  private static Optional<Blob> copy(Path from, Descriptor pin, BlobStore into) throws IOException {
    Partial partial = into.begin(pin);
    try (FileChannel channel =
        FileChannel.open(from, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS))) {
      ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
      while (channel.read(buffer.clear()) >= 0) {
        partial.write(buffer.flip());
      }
      return Optional.of(into.admit(partial, pin, from.toString()));
    } catch (DigestMismatchException e) {
      partial.discard();
      return Optional.empty();
    } catch (ClosedByInterruptException e) {
      throw e;
    } catch (IOException e) {
      // Unreadable, or no room: fetching it says so.
      partial.discard();
      return Optional.empty();
    }
  }
}
