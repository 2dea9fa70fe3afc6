package dev.modelbake.fetch;

import dev.modelbake.model.BakeEvent;
import dev.modelbake.model.BakeListener;
import dev.modelbake.model.Candidate.Form;
import dev.modelbake.model.CandidateFailure;
import dev.modelbake.model.DigestMismatchException;
import dev.modelbake.model.DiskException;
import dev.modelbake.model.Origin;
import dev.modelbake.model.PlannedFile;
import dev.modelbake.store.Blob;
import dev.modelbake.store.BlobStore;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Makes files that are no download of their own: a known text, or parts put together. */
record Making(Fetcher fetcher, Tools tools) {
  /** A file that is this text. */
  Fetched literal(PlannedFile file, String text, BlobStore staging) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    Part made = Part.begin(staging, file.pin().orElseThrow(), file.name());
    Blob blob = written(made, part -> part.write(ByteBuffer.wrap(bytes)));
    tools.listener().on(new BakeEvent.Made(file.name(), 0, blob.descriptor()));
    return new Fetched(blob, Fetcher.candidate(blob.path(), Form.DOWNLOAD), 0, List.of());
  }

  /**
   * A file that is all parts, one behind the other; each is fetched like a file of its own.
   *
   * @throws DigestMismatchException if the parts are right, but not what they make together
   */
  Fetched joined(PlannedFile file, Origin.Parts parts, BlobStore staging) {
    List<Blob> blobs = new ArrayList<>();
    List<CandidateFailure> failures = new ArrayList<>();
    long received = 0;
    for (Origin.Part part : parts.parts()) {
      Fetched fetched = fetcher.fetch(file.part(part), staging);
      blobs.add(fetched.blob());
      failures.addAll(fetched.failures());
      received += fetched.received();
    }
    Part made =
        Part.begin(staging, file.pin().orElseThrow(), file.name() + ", its parts put together,");
    Blob whole = join(file.name(), blobs, made);
    tools.listener().on(new BakeEvent.Made(file.name(), blobs.size(), whole.descriptor()));
    return new Fetched(whole, Fetcher.candidate(whole.path(), Form.DOWNLOAD), received, failures);
  }

  /** Puts blobs behind each other. */
  Blob join(String file, List<Blob> parts, Part whole) {
    // Nothing of it is received: its parts were.
    Progress progress = new Progress(file, BakeListener.NONE, tools.time());
    return written(
        whole,
        part -> {
          for (Blob blob : parts) {
            new LocalCopy(blob.path(), progress, LocalCopy.Counting.REUSED).append(part);
          }
        });
  }

  /** Writes into a part. */
  @FunctionalInterface
  private interface Writing {
    void into(Part part) throws SourceException;
  }

  private static Blob written(Part part, Writing writing) {
    boolean admitted = false;
    try {
      writing.into(part);
      Blob blob = part.admit();
      admitted = true;
      return blob;
    } catch (SourceException e) {
      throw new DiskException(
          "making " + part.file(), part.store().root().toString(), e.what(), "look at the disk", e);
    } finally {
      if (!admitted) {
        part.discard();
      }
    }
  }
}
