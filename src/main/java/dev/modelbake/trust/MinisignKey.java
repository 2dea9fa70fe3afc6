package dev.modelbake.trust;

import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import org.bouncycastle.crypto.params.Ed25519PublicKeyParameters;
import org.bouncycastle.crypto.signers.Ed25519Signer;

/** An Ed25519 key with minisign's key id. */
final class MinisignKey implements TrustedKey {
  static final int ID = 8;
  private static final int KEY = 32;

  private final byte[] id;
  private final Ed25519PublicKeyParameters key;

  private MinisignKey(byte[] id, Ed25519PublicKeyParameters key) {
    this.id = id;
    this.key = key;
  }

  /** Reads {@code "Ed"}, key id and key in base64. */
  static Optional<MinisignKey> parse(String base64) {
    try {
      byte[] bytes = Base64.getDecoder().decode(base64);
      boolean right = bytes.length == 2 + ID + KEY && bytes[0] == 'E' && bytes[1] == 'd';
      return right
          ? Optional.of(
              new MinisignKey(
                  Arrays.copyOfRange(bytes, 2, 2 + ID),
                  new Ed25519PublicKeyParameters(bytes, 2 + ID)))
          : Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.empty(); // no base64, or no point of the curve
    }
  }

  /** As minisign prints it: the bytes from the last to the first. */
  static String text(byte[] id) {
    byte[] reversed = new byte[id.length];
    for (int i = 0; i < id.length; i++) {
      reversed[i] = id[id.length - 1 - i];
    }
    return HexFormat.of().withUpperCase().formatHex(reversed);
  }

  @Override
  public String id() {
    return text(id);
  }

  boolean hasId(byte[] other) {
    return Arrays.equals(id, other);
  }

  boolean verifies(byte[] message, byte[] signature) {
    Ed25519Signer signer = new Ed25519Signer();
    signer.init(false, key);
    signer.update(message, 0, message.length);
    return signer.verifySignature(signature);
  }
}
