package dev.modelbake.trust;

import dev.modelbake.model.Digest;
import dev.modelbake.model.EnvironmentException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A public key that a receiver trusts. */
public sealed interface TrustedKey permits MinisignKey, EcdsaKey {
  /** A short name of the key for people, such as minisign's key id. */
  String id();

  /**
   * Reads a key: minisign's in base64, or a file with one as {@code minisign -G} writes it, or a
   * PEM file with a P-256 or P-384 key.
   *
   * @param setting where it was given, for messages
   * @throws EnvironmentException if it is no key
   */
  static TrustedKey read(String setting, String text) {
    if (text.matches("[A-Za-z0-9+/]{56}")) {
      return minisign(setting, text);
    }
    String content = file(setting, text);
    if (content.contains("-----BEGIN PUBLIC KEY-----")) {
      return EcdsaKey.parse(content)
          .orElseThrow(() -> wrong(setting, "it is no P-256 or P-384 key", null));
    }
    String last =
        Arrays.stream(content.split("\\R", -1))
            .map(String::strip)
            .filter(line -> !line.isEmpty())
            .reduce("", (first, second) -> second);
    return minisign(setting, last);
  }

  private static TrustedKey minisign(String setting, String text) {
    Optional<MinisignKey> key = MinisignKey.parse(text);
    return key.orElseThrow(() -> wrong(setting, "it is no public key", null));
  }

  private static String file(String setting, String text) {
    final int most = 64 << 10;
    try (InputStream in = Files.newInputStream(Path.of(text))) {
      return new String(in.readNBytes(most), StandardCharsets.ISO_8859_1);
    } catch (IOException | InvalidPathException e) {
      throw wrong(setting, "there is no such key file that can be read", e);
    }
  }

  private static EnvironmentException wrong(
      String setting, String what, @Nullable Throwable cause) {
    return new EnvironmentException(
        setting,
        what,
        "give the 56 characters of a minisign public key, its file, or a PEM file (openssl ec"
            + " -pubout)",
        cause);
  }

  /** A short name out of the bytes of a key. */
  static String shortId(byte[] key) {
    final int digits = 16;
    return Digest.ofBytes(key).hex().substring(0, digits);
  }
}
