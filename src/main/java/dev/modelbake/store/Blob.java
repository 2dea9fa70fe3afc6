package dev.modelbake.store;

import dev.modelbake.model.Descriptor;
import java.nio.file.Path;

/** A file whose bytes were proven to match a descriptor. Only {@link BlobStore} makes one. */
public final class Blob {
  private final Path path;
  private final Descriptor descriptor;

  Blob(Path path, Descriptor descriptor) {
    this.path = path;
    this.descriptor = descriptor;
  }

  /** Where the bytes are: a private file, mode 0600, never a final path. */
  public Path path() {
    return path;
  }

  /** What they were proven to be; the size is always present. */
  public Descriptor descriptor() {
    return descriptor;
  }

  /** The number of bytes. */
  public long size() {
    return descriptor.size().orElseThrow();
  }

  @Override
  public String toString() {
    return descriptor.toString();
  }
}
