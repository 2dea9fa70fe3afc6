package dev.modelbake.model;

import java.util.Optional;

/** A digest algorithm that a manifest may name. */
public enum DigestAlgorithm {
  SHA256("sha256", 64),
  SHA512("sha512", 128),
  BLAKE2B("blake2b", 128),
  BLAKE3("blake3", 64),
  /** Broken; only ever an additional check. */
  MD5("md5", 32),
  /** Broken; only ever an additional check. */
  SHA1("sha1", 40);

  private final String label;
  private final int hexLength;

  DigestAlgorithm(String label, int hexLength) {
    this.label = label;
    this.hexLength = hexLength;
  }

  /** The name used in manifests and digest strings, such as {@code sha256}. */
  public String label() {
    return label;
  }

  /** The number of hexadecimal digits of a value. */
  public int hexLength() {
    return hexLength;
  }

  /** The algorithm with this label, if there is one. */
  public static Optional<DigestAlgorithm> ofLabel(String label) {
    for (DigestAlgorithm algorithm : values()) {
      if (algorithm.label.equals(label)) {
        return Optional.of(algorithm);
      }
    }
    return Optional.empty();
  }
}
