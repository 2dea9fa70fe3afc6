package dev.modelbake.model;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.OptionalLong;

/**
 * The bytes that are wanted: a SHA-256 digest, their number when known, and further digests which
 * must match too.
 *
 * @param digest always SHA-256
 * @param size in bytes, 0 or more; absent when the manifest does not give it
 * @param others further digests, each of another algorithm
 */
public record Descriptor(Digest digest, OptionalLong size, List<Digest> others) {
  public Descriptor {
    if (digest.algorithm() != DigestAlgorithm.SHA256) {
      throw new IllegalArgumentException("a descriptor is identified by sha256");
    }
    if (size.isPresent() && size.getAsLong() < 0) {
      throw new IllegalArgumentException("a size is not negative");
    }
    others = List.copyOf(others);
  }

  /** Bytes known by SHA-256 and size. */
  public static Descriptor of(Digest sha256, long size) {
    return new Descriptor(sha256, OptionalLong.of(size), List.of());
  }

  /** The descriptor of a text in UTF-8. */
  public static Descriptor ofText(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return of(Digest.ofBytes(bytes), bytes.length);
  }

  @Override
  public String toString() {
    return digest + (size.isPresent() ? " (" + size.getAsLong() + " bytes)" : "");
  }
}
