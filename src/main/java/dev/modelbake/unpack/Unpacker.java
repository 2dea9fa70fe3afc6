package dev.modelbake.unpack;

import dev.modelbake.model.ArchiveDamagedException;
import dev.modelbake.model.ArchiveRefusedException;
import dev.modelbake.model.BakeException;
import dev.modelbake.model.Descriptor;
import dev.modelbake.model.DigestMismatchException;
import dev.modelbake.model.DiskException;
import dev.modelbake.model.PlannedFile;
import dev.modelbake.model.Reason;
import dev.modelbake.model.Unpacking;
import dev.modelbake.store.Blob;
import dev.modelbake.store.BlobStore;
import dev.modelbake.store.Partial;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Optional;

/** Makes proven files of proven downloads. Safe for use by several threads. */
public final class Unpacker {
  private static final int BUFFER = 256 << 10;

  /**
   * Unpacks one download into staging. Of one that is refused or damaged nothing is left there, not
   * even the download.
   *
   * @throws ArchiveDamagedException if it does not hold what the manifest says
   * @throws ArchiveRefusedException if it does what no archive may, or exceeds a bound
   * @throws DigestMismatchException if what comes out is not what is pinned
   * @throws DiskException if staging does not take the bytes
   */
  public Unpacked unpack(PlannedFile file, Blob blob, BlobStore staging) {
    Refusal refusal = new Refusal(file.name());
    try {
      if (file.unpacking() instanceof Unpacking.Stream stream) {
        return Unpacked.of(stream(stream, blob, staging, refusal));
      }
      if (file.unpacking() instanceof Unpacking.Tree tree) {
        Budget budget = new Budget(refusal, tree.limits(), blob.size());
        try (Archive archive = open(tree.archive(), blob, budget)) {
          return new TreeUnpacker(tree, blob, staging, budget).unpack(archive);
        }
      }
      return Unpacked.of(blob);
    } catch (ArchiveRefusedException | ArchiveDamagedException e) {
      discard(blob, staging);
      throw e;
    } catch (IOException e) {
      // Decoders' complaints became exceptions of their own: what is left is the disk's.
      throw new DiskException(
          "unpacking " + file.name(),
          blob.path().toString(),
          Reason.of(e),
          "make room or mend the disk; `modelbake plan` shows what is needed",
          e);
    }
  }

  private static void discard(Blob blob, BlobStore staging) {
    try {
      staging.discard(blob);
    } catch (IOException e) {
      // What failed first is told; the next run removes what is left here.
    }
  }

  private static Archive open(Unpacking.Archive kind, Blob blob, Budget budget) throws IOException {
    if (kind.container() == Unpacking.Container.ZIP) {
      return ZipArchive.open(blob.path(), budget);
    }
    InputStream plain = new Decoder(budget.refusal()).open(BlobBytes.of(blob), kind.compression());
    return new TarArchive(plain, budget.refusal());
  }

  private static Blob stream(Unpacking.Stream stream, Blob blob, BlobStore staging, Refusal refusal)
      throws IOException {
    Optional<Descriptor> pin = stream.output();
    long pinnedSize = pin.isPresent() ? pin.get().size().orElse(-1) : -1;
    Budget budget = new Budget(refusal, stream.limits(), blob.size());
    byte[] buffer = new byte[BUFFER];
    Partial partial = pin.isPresent() ? staging.begin(pin.get()) : staging.begin(blob);
    try (InputStream plain = new Decoder(refusal).open(BlobBytes.of(blob), stream.compression())) {
      for (int n = plain.read(buffer); n >= 0; n = plain.read(buffer)) {
        partial.write(ByteBuffer.wrap(buffer, 0, n));
        if (pinnedSize < 0) {
          budget.bytes(n);
        } else if (partial.length() > pinnedSize) {
          throw refusal.damaged("more than the pinned " + pinnedSize + " bytes come out of it");
        }
      }
      return pin.isPresent()
          ? staging.admit(partial, pin.get(), "what comes out of " + refusal.file())
          : staging.derive(blob, partial);
    } catch (BakeException | IOException e) {
      partial.discard();
      throw e;
    }
  }
}
