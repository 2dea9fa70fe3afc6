package dev.modelbake.bake;

import dev.modelbake.model.MissingException;
import dev.modelbake.model.Reason;
import dev.modelbake.trust.TrustedKeys;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/** Demands a signature beside each manifest. */
record SignedManifests(TrustedKeys keys) {
  /**
   * Looks at a manifest's bytes before they are read.
   *
   * @throws dev.modelbake.model.SignatureException if no trusted key signed them
   */
  void inspect(Path file, byte[] bytes) {
    Path name = file.getFileName();
    keys.require(
        name == null ? file.toString() : name.toString(),
        "the manifest " + file,
        bytes,
        ending -> signature(file.resolveSibling(name + ending)));
  }

  private static Optional<byte[]> signature(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      return Optional.of(in.readNBytes(TrustedKeys.MOST));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new MissingException(
          "reading the signature " + file,
          "it cannot be read: " + Reason.of(e),
          "make it readable",
          e);
    }
  }
}
