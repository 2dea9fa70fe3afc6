package dev.modelbake.trust;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import org.bouncycastle.crypto.digests.Blake2bDigest;

/**
 * A signature file of minisign: an untrusted comment, the signature, the trusted comment, and a
 * signature over both.
 */
final class MinisignSignature {
  private static final String TRUSTED = "trusted comment: ";
  private static final int ED25519 = 64;
  private static final int PLAIN = 2 + MinisignKey.ID + ED25519;
  private static final int BLAKE2B_BITS = 512;

  private final byte[] keyId;
  private final boolean prehashed;
  private final byte[] signature;
  private final String comment;
  private final byte[] global;

  private MinisignSignature(byte[] first, String comment, byte[] global) {
    prehashed = first[1] == 'D';
    keyId = Arrays.copyOfRange(first, 2, 2 + MinisignKey.ID);
    signature = Arrays.copyOfRange(first, 2 + MinisignKey.ID, PLAIN);
    this.comment = comment;
    this.global = global;
  }

  /** Reads a file; empty when it is no such signature, or one without a trusted comment. */
  static Optional<MinisignSignature> parse(byte[] file) {
    String[] lines = new String(file, StandardCharsets.UTF_8).split("\\r?\\n", -1);
    boolean four = lines.length >= 4 && lines[2].startsWith(TRUSTED);
    if (!four || !lines[0].startsWith("untrusted comment:")) {
      return Optional.empty();
    }
    try {
      byte[] first = Base64.getDecoder().decode(lines[1].strip());
      byte[] global = Base64.getDecoder().decode(lines[3].strip());
      boolean known =
          first.length == PLAIN
              && first[0] == 'E'
              && (first[1] == 'D' || first[1] == 'd')
              && global.length == ED25519;
      return known
          ? Optional.of(new MinisignSignature(first, lines[2].substring(TRUSTED.length()), global))
          : Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  String keyId() {
    return MinisignKey.text(keyId);
  }

  boolean isBy(MinisignKey key) {
    return key.hasId(keyId);
  }

  /** The trusted comment, when both signatures hold. */
  Optional<String> verify(MinisignKey key, byte[] message) {
    byte[] signed = prehashed ? blake2b(message) : message;
    byte[] text = comment.getBytes(StandardCharsets.UTF_8);
    byte[] both = Arrays.copyOf(signature, signature.length + text.length);
    System.arraycopy(text, 0, both, signature.length, text.length);
    boolean holds = key.verifies(signed, signature) && key.verifies(both, global);
    return holds ? Optional.of(comment) : Optional.empty();
  }

  private static byte[] blake2b(byte[] message) {
    Blake2bDigest digest = new Blake2bDigest(BLAKE2B_BITS);
    digest.update(message, 0, message.length);
    byte[] value = new byte[digest.getDigestSize()];
    digest.doFinal(value, 0);
    return value;
  }
}
