package dev.modelbake.trust;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/** A P-256 or P-384 key; signatures are DER, over SHA-256 or SHA-384 (FIPS 186-5). */
final class EcdsaKey implements TrustedKey {
  private static final List<Integer> BITS = List.of(256, 384);
  private static final List<String> SCHEMES = List.of("SHA256withECDSA", "SHA384withECDSA");

  private final PublicKey key;

  private EcdsaKey(PublicKey key) {
    this.key = key;
  }

  /** Reads a PEM text with {@code PUBLIC KEY}. */
  static Optional<EcdsaKey> parse(String pem) {
    String begin = "-----BEGIN PUBLIC KEY-----";
    int from = pem.indexOf(begin) + begin.length();
    int to = pem.indexOf("-----END PUBLIC KEY-----", from);
    if (to < 0) {
      return Optional.empty();
    }
    try {
      byte[] der = Base64.getMimeDecoder().decode(pem.substring(from, to));
      PublicKey key = KeyFactory.getInstance("EC").generatePublic(new X509EncodedKeySpec(der));
      boolean known =
          key instanceof ECPublicKey ec
              && BITS.contains(ec.getParams().getCurve().getField().getFieldSize());
      return known ? Optional.of(new EcdsaKey(key)) : Optional.empty();
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  @Override
  public String id() {
    return TrustedKey.shortId(key.getEncoded());
  }

  boolean verifies(byte[] message, byte[] signature) {
    return SCHEMES.stream().anyMatch(scheme -> verifies(scheme, message, signature));
  }

  private boolean verifies(String scheme, byte[] message, byte[] signature) {
    try {
      Signature check = Signature.getInstance(scheme);
      check.initVerify(key);
      check.update(message);
      return check.verify(signature);
    } catch (GeneralSecurityException e) {
      return false; // what is no DER signature verifies nothing
    }
  }
}
