package dev.modelbake.trust;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.modelbake.model.EnvironmentException;
import dev.modelbake.model.SignatureException;
import dev.modelbake.testing.Mutants;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrustMutationTest {
  private static final String KEY = "RWSXgABvwt4WSjE+YwK89l1ghxoctxDC4m5fOv9bHUyPMBQaD2K6whd5";
  private static final byte[] MESSAGE =
      "models:\n - url: https://example.invalid/x\n".getBytes(UTF_8);
  private static final String SIGNATURE =
      """
      untrusted comment: signature from minisign secret key
      RUSXgABvwt4WSk4bVq2JSFPCpNexLDQcUkCIi7iLDQoUzyLZ1FINn60Lfdqqogu0bcZfHE5ToE0MecVf61SGJXDKuY4MRfgQ/AI=
      trusted comment: modelbake manifest v1 2026-11-20
      kA65DHzwQqY1QZwitVZP+uInR1lUcI14Uon81lxciEjUOBfYqafay1OCr3DwMRmK3bv3Oi1DIv3twC1aPHZAAg==
      """;

  @TempDir Path directory;

  private static TrustedKeys trusting(String key) {
    return new TrustedKeys(List.of(TrustedKey.read("--trusted-key", key)), 0);
  }

  @Test
  void noMutationOfASignatureFileHoldsUnlessItsThreeLinesAreTheSame() {
    TrustedKeys keys = trusting(KEY);
    String[] good = SIGNATURE.split("\n", -1);
    Mutants.of(SIGNATURE)
        .with("trusted comment: ", "untrusted comment:", "counter:", "counter:9", "name:", "RUSX")
        .read(
            1000,
            bytes -> {
              try {
                keys.require(
                    "models.yaml",
                    "models.yaml",
                    MESSAGE,
                    ending ->
                        ending.equals(TrustedKeys.MINISIGN)
                            ? Optional.of(bytes)
                            : Optional.empty());
                String[] lines = new String(bytes, UTF_8).split("\r?\n", -1);
                for (int line : new int[] {1, 2, 3}) {
                  assertEquals(bare(good[line]), bare(lines[line]));
                }
              } catch (SignatureException e) {
                e.fault();
              }
            });
  }

  /** Base64 holds the same bytes without its padding. */
  private static String bare(String line) {
    return line.strip().replaceFirst("={0,2}$", "");
  }

  @Test
  void noMutationOfTheBytesOfASignatureHolds() throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    KeyPair pair = generator.generateKeyPair();
    Path pem = directory.resolve("key.pem");
    Files.writeString(pem, pem(pair.getPublic().getEncoded()));
    TrustedKeys keys = trusting(pem.toString());
    Signature signer = Signature.getInstance("SHA256withECDSA");
    signer.initSign(pair.getPrivate());
    signer.update(MESSAGE);
    byte[] good = signer.sign();
    new Mutants(List.of(good), List.of(), 16 << 20)
        .read(
            600,
            bytes -> {
              try {
                keys.require(
                    "models.yaml",
                    "models.yaml",
                    MESSAGE,
                    ending ->
                        ending.equals(TrustedKeys.ECDSA) ? Optional.of(bytes) : Optional.empty());
                assertTrue(Arrays.equals(good, bytes), "another signature holds");
              } catch (SignatureException e) {
                e.fault();
              }
            });
  }

  private static String pem(byte[] der) {
    return "-----BEGIN PUBLIC KEY-----\n"
        + Base64.getMimeEncoder().encodeToString(der)
        + "\n-----END PUBLIC KEY-----\n";
  }

  @Test
  void noMutationOfAKeyFileBreaksTheReader() throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp384r1"));
    byte[] der = generator.generateKeyPair().getPublic().getEncoded();
    Path file = directory.resolve("key");
    Mutants.of("untrusted comment: minisign public key\n" + KEY + "\n", KEY, pem(der))
        .with("-----BEGIN PUBLIC KEY-----", "-----END PUBLIC KEY-----", "RWSX", "\n", "====")
        .read(
            300,
            bytes -> {
              Files.write(file, bytes);
              read(file.toString());
              read(new String(bytes, UTF_8));
            });
    // Damage below the armour.
    new Mutants(List.of(der), List.of(), 16 << 20)
        .read(
            300,
            bytes -> {
              Files.writeString(file, pem(bytes));
              read(file.toString());
            });
  }

  private static void read(String text) {
    try {
      TrustedKey.read("--trusted-key", text).id();
    } catch (EnvironmentException e) {
      e.explanation();
    }
  }
}
