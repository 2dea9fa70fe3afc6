package dev.modelbake.fetch;

import dev.modelbake.model.BakeEvent;
import dev.modelbake.model.CandidateFailure;
import dev.modelbake.model.DigestMismatchException;
import dev.modelbake.model.InterruptedBakeException;
import dev.modelbake.model.Origin;
import dev.modelbake.model.PlannedFile;
import dev.modelbake.model.Unpacking;
import dev.modelbake.store.Blob;
import dev.modelbake.store.BlobStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Makes files that are no download of their own: a known text, or parts put together. */
record Making(Fetcher fetcher, Tools tools) {
  private static final int BUFFER = 256 << 10;

  /** A file that is this text. */
  Fetched literal(PlannedFile file, String text, BlobStore staging) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    Blob blob = written(file, file.name(), staging, part -> part.write(ByteBuffer.wrap(bytes)));
    tools.listener().on(new BakeEvent.Made(file.name(), 0, blob.descriptor()));
    return new Fetched(blob, Optional.empty(), 0, List.of());
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
      Fetched fetched = fetcher.fetch(alone(file, part), staging);
      blobs.add(fetched.blob());
      failures.addAll(fetched.failures());
      received += fetched.received();
    }
    Blob whole =
        written(
            file,
            file.name() + ", its parts put together,",
            staging,
            part -> blobs.forEach(blob -> append(blob.path(), part)));
    tools.listener().on(new BakeEvent.Made(file.name(), blobs.size(), whole.descriptor()));
    return new Fetched(whole, Optional.empty(), received, failures);
  }

  private static PlannedFile alone(PlannedFile file, Origin.Part part) {
    return new PlannedFile(
        part.name(),
        file.model(),
        file.at(),
        part.pin(),
        new Origin.Download(part.candidates()),
        new Unpacking.None(),
        file.target(),
        file.state());
  }

  private static Blob written(
      PlannedFile file, String what, BlobStore staging, Consumer<Part> writing) {
    Part part = Part.begin(staging, file.pin().orElseThrow(), what);
    boolean admitted = false;
    try {
      writing.accept(part);
      Blob blob = part.admit();
      admitted = true;
      return blob;
    } finally {
      if (!admitted) {
        part.discard();
      }
    }
  }

  private static void append(Path from, Part whole) {
    ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
    try (FileChannel channel = FileChannel.open(from, StandardOpenOption.READ)) {
      while (channel.read(buffer.clear()) >= 0) {
        if (Thread.currentThread().isInterrupted()) {
          throw new InterruptedBakeException("putting parts together");
        }
        whole.write(buffer.flip());
      }
    } catch (IOException e) {
      throw Disks.failure(from, whole.wanted().size(), e);
    }
  }
}
