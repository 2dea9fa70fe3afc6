package dev.modelbake.trust;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.modelbake.model.EnvironmentException;
import dev.modelbake.model.FailureKind;
import dev.modelbake.model.SignatureException;
import dev.modelbake.model.SignatureException.Fault;
import dev.modelbake.trust.TrustedKeys.Signed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TrustedKeysTest {
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

  private static TrustedKeys keys(String... texts) {
    return new TrustedKeys(
        List.of(texts).stream().map(text -> TrustedKey.read("--trusted-key", text)).toList(), 0);
  }

  private static Signed require(TrustedKeys keys, byte[] message, Map<String, String> files) {
    return keys.require(
        "models.yaml",
        "models.yaml",
        message,
        ending -> Optional.ofNullable(files.get(ending)).map(text -> text.getBytes(UTF_8)));
  }

  private static Fault fault(TrustedKeys keys, byte[] message, Map<String, String> files) {
    SignatureException failure =
        assertThrows(SignatureException.class, () -> require(keys, message, files));
    assertEquals(FailureKind.INTEGRITY, failure.kind());
    return failure.fault();
  }

  @Test
  void aSignatureOfMinisignHoldsAndItsCommentIsTrusted() {
    Signed signed = require(keys(KEY), MESSAGE, Map.of(".minisig", SIGNATURE));
    assertEquals("4A16DEC26F008097", signed.key());
    assertEquals(Optional.of("modelbake manifest v1 2026-11-20"), signed.comment());
  }

  @Test
  void theKeyMayBeAFileAsMinisignWritesIt() throws IOException {
    Path file = directory.resolve("minisign.pub");
    Files.writeString(file, "untrusted comment: minisign public key\n" + KEY + "\n");
    require(keys(file.toString()), MESSAGE, Map.of(".minisig", SIGNATURE));
  }

  @Test
  void notSignedBadSignatureAndWrongKeyAreToldApart() {
    assertEquals(Fault.NOT_SIGNED, fault(keys(KEY), MESSAGE, Map.of()));
    byte[] changed = MESSAGE.clone();
    changed[3] ^= 1;
    assertEquals(Fault.BAD_SIGNATURE, fault(keys(KEY), changed, Map.of(".minisig", SIGNATURE)));
    byte[] other = Base64.getDecoder().decode(KEY);
    other[2] ^= 1;
    String wrong = Base64.getEncoder().encodeToString(other);
    assertEquals(Fault.WRONG_KEY, fault(keys(wrong), MESSAGE, Map.of(".minisig", SIGNATURE)));
    require(keys(wrong, KEY), MESSAGE, Map.of(".minisig", SIGNATURE));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "hello\n",
        "untrusted comment: x\nRUSX\ntrusted comment: y\nkA65\n",
        "untrusted comment: x\n!!!\ntrusted comment: y\n!!!\n",
      })
  void whatIsNoSignatureFileIsABadSignature(String file) {
    assertEquals(Fault.BAD_SIGNATURE, fault(keys(KEY), MESSAGE, Map.of(".minisig", file)));
  }

  @Test
  void aSignatureWithoutItsTrustedCommentOrWithAnotherIsBad() {
    String[] lines = SIGNATURE.split("\n", -1);
    String without = lines[0] + "\n" + lines[1] + "\n";
    assertEquals(Fault.BAD_SIGNATURE, fault(keys(KEY), MESSAGE, Map.of(".minisig", without)));
    String other = SIGNATURE.replace("v1", "v2");
    assertEquals(Fault.BAD_SIGNATURE, fault(keys(KEY), MESSAGE, Map.of(".minisig", other)));
  }

  @Test
  void noBitOfASignatureFileMayChange() {
    String[] lines = SIGNATURE.split("\n", -1);
    for (int line : new int[] {1, 3}) {
      byte[] bytes = Base64.getDecoder().decode(lines[line]);
      for (int bit = 0; bit < bytes.length * 8; bit++) {
        byte[] changed = bytes.clone();
        changed[bit / 8] ^= (byte) (1 << (bit % 8));
        String[] file = lines.clone();
        file[line] = Base64.getEncoder().encodeToString(changed);
        fault(keys(KEY), MESSAGE, Map.of(".minisig", String.join("\n", file)));
      }
    }
  }

  @Test
  void anOldCounterIsAReplay() {
    TrustedKeys newer = new TrustedKeys(keys(KEY).keys(), 7);
    assertEquals(Fault.REPLAY, fault(newer, MESSAGE, Map.of(".minisig", SIGNATURE)));
  }

  @Test
  void theTrustedCommentTellsNameAndCounter() {
    Signed signed = new Signed("key", Optional.of("name:models.yaml\tcounter:20261121 whoever"));
    assertEquals(Optional.of("models.yaml"), signed.told("name"));
    assertEquals(Optional.of(20261121L), TrustedKeys.counter(signed));
    assertTrue(TrustedKeys.counter(new Signed("key", Optional.of("counter:x"))).isEmpty());
  }

  @ParameterizedTest
  @CsvSource({
    "secp256r1, SHA256withECDSA",
    "secp384r1, SHA384withECDSA",
    "secp384r1, SHA256withECDSA"
  })
  void anEcdsaSignatureHolds(String curve, String scheme) throws Exception {
    KeyPair pair = pair(curve);
    Path pem = pem(pair);
    byte[] der = sign(pair, scheme);
    TrustedKeys keys = keys(pem.toString());
    keys.require(
        "m", "m", MESSAGE, ending -> Optional.of(der).filter(one -> ending.equals(".sig")));
    byte[] changed = MESSAGE.clone();
    changed[0] ^= 1;
    SignatureException failure =
        assertThrows(
            SignatureException.class,
            () ->
                keys.require(
                    "m",
                    "m",
                    changed,
                    ending -> Optional.of(der).filter(one -> ending.equals(".sig"))));
    assertEquals(Fault.BAD_SIGNATURE, failure.fault());
  }

  @Test
  void oneGoodSignatureSufficesBesideABrokenOne() throws Exception {
    KeyPair pair = pair("secp256r1");
    byte[] der = sign(pair, "SHA256withECDSA");
    TrustedKeys both = keys(KEY, pem(pair).toString());
    both.require(
        "m",
        "m",
        MESSAGE,
        ending -> Optional.of(ending.equals(".sig") ? der : "broken".getBytes(UTF_8)));
    SignatureException failure =
        assertThrows(
            SignatureException.class,
            () ->
                keys(KEY)
                    .require(
                        "m",
                        "m",
                        MESSAGE,
                        ending -> Optional.of(der).filter(one -> ending.equals(".sig"))));
    assertEquals(Fault.WRONG_KEY, failure.fault());
  }

  @Test
  void aSignatureOfAnotherSortIsByAWrongKey() throws Exception {
    TrustedKeys ecdsa = keys(pem(pair("secp256r1")).toString());
    assertEquals(Fault.WRONG_KEY, fault(ecdsa, MESSAGE, Map.of(".minisig", SIGNATURE)));
    assertEquals(
        Fault.BAD_SIGNATURE, fault(ecdsa, MESSAGE, Map.of(".sig", "this is no signature")));
  }

  @Test
  void whatIsNoKeyIsToldWithoutItsText() throws Exception {
    Path rsa = directory.resolve("rsa.pem");
    KeyPair pair = KeyPairGenerator.getInstance("RSA").generateKeyPair();
    Files.writeString(rsa, pem(pair.getPublic().getEncoded()));
    for (String text : List.of("canary", rsa.toString(), KEY.replace("RW", "XX"))) {
      EnvironmentException failure =
          assertThrows(EnvironmentException.class, () -> TrustedKey.read("--trusted-key", text));
      assertFalse(failure.getMessage().contains("canary"), failure.getMessage());
    }
  }

  private static KeyPair pair(String curve) throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec(curve));
    return generator.generateKeyPair();
  }

  private Path pem(KeyPair pair) throws IOException {
    return Files.writeString(directory.resolve("key.pem"), pem(pair.getPublic().getEncoded()));
  }

  private static String pem(byte[] der) {
    return "-----BEGIN PUBLIC KEY-----\n"
        + Base64.getMimeEncoder().encodeToString(der)
        + "\n-----END PUBLIC KEY-----\n";
  }

  private static byte[] sign(KeyPair pair, String scheme) throws GeneralSecurityException {
    Signature signature = Signature.getInstance(scheme);
    signature.initSign(pair.getPrivate());
    signature.update(MESSAGE);
    return signature.sign();
  }
}
