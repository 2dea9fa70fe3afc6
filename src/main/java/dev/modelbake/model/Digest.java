package dev.modelbake.model;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;

/**
 * An algorithm and a value; as text {@code sha256:<hex>}, the form of the OCI image specification.
 * The constructor lowers upper case and throws {@link IllegalArgumentException} for a value that is
 * not exactly the algorithm's number of hexadecimal digits.
 */
public record Digest(DigestAlgorithm algorithm, String hex) implements Comparable<Digest> {
  /** What SHA-256 gives for no bytes at all. */
  public static final Digest OF_NOTHING =
      sha256("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");

  public Digest {
    hex = hex.toLowerCase(Locale.ROOT);
    if (hex.length() != algorithm.hexLength()) {
      throw new IllegalArgumentException(
          "%s has %d hexadecimal digits, this value has %d characters"
              .formatted(algorithm.label(), algorithm.hexLength(), hex.length()));
    }
    for (int i = 0; i < hex.length(); i++) {
      if (!HexFormat.isHexDigit(hex.charAt(i))) {
        throw new IllegalArgumentException("a digest has only hexadecimal digits");
      }
    }
  }

  /** A SHA-256 digest from its 64 hexadecimal digits. */
  public static Digest sha256(String hex) {
    return new Digest(DigestAlgorithm.SHA256, hex);
  }

  /** A digest from the bytes an implementation computed. */
  public static Digest of(DigestAlgorithm algorithm, byte[] value) {
    return new Digest(algorithm, HexFormat.of().formatHex(value));
  }

  /** The SHA-256 digest of bytes that are in memory anyway. */
  public static Digest ofBytes(byte[] bytes) {
    try {
      return of(DigestAlgorithm.SHA256, MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  @Override
  public int compareTo(Digest other) {
    int byAlgorithm = algorithm.compareTo(other.algorithm);
    return byAlgorithm != 0 ? byAlgorithm : hex.compareTo(other.hex);
  }

  @Override
  public String toString() {
    return algorithm.label() + ":" + hex;
  }
}
