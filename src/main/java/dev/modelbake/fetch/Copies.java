package dev.modelbake.fetch;

import dev.modelbake.model.Descriptor;
import dev.modelbake.model.DigestMismatchException;
import dev.modelbake.model.PlannedFile;
import dev.modelbake.store.Blob;
import dev.modelbake.store.BlobStore;
import java.nio.file.Path;

/** Makes blobs in staging from local files, which are hashed on the way. */
record Copies(PlannedFile file, BlobStore staging, Progress progress) {
  /**
   * Copies a file.
   *
   * @throws SourceException if it cannot be read or has another size
   * @throws DigestMismatchException if it has other bytes
   */
  Blob copy(Path source, Descriptor pin, LocalCopy.Counting counting) throws SourceException {
    Part part = Part.begin(staging, pin, file.name());
    boolean admitted = false;
    try {
      new LocalCopy(source, progress, counting).run(part);
      Blob blob = part.admit();
      admitted = true;
      return blob;
    } finally {
      if (!admitted) {
        part.discard();
      }
    }
  }
}
