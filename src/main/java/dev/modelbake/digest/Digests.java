package dev.modelbake.digest;

import dev.modelbake.model.Digest;
import dev.modelbake.model.DigestAlgorithm;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** The digests of one stream of bytes. */
public final class Digests {
  private final Map<DigestAlgorithm, Digest> values;

  Digests(Map<DigestAlgorithm, Digest> values) {
    this.values = values;
  }

  /** The SHA-256, which is always there. */
  public Digest sha256() {
    return get(DigestAlgorithm.SHA256);
  }

  /** All but SHA-256, sorted by algorithm. */
  public List<Digest> others() {
    return values.values().stream()
        .filter(digest -> digest.algorithm() != DigestAlgorithm.SHA256)
        .sorted()
        .toList();
  }

  /** The digest of an algorithm that was asked for. */
  public Digest get(DigestAlgorithm algorithm) {
    return Objects.requireNonNull(values.get(algorithm), algorithm::label);
  }
}
