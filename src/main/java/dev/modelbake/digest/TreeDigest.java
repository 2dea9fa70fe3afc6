package dev.modelbake.digest;

import dev.modelbake.model.Digest;
import dev.modelbake.model.DigestAlgorithm;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** The digest of a tree of files: SHA-256 of the byte-sorted lines {@code <sha256> <path>\n}. */
public final class TreeDigest {
  private TreeDigest() {}

  /**
   * The digest of these files.
   *
   * @param files relative path with {@code /} to SHA-256
   */
  public static Digest of(Map<String, Digest> files) {
    List<byte[]> lines =
        files.entrySet().stream()
            .map(file -> file.getValue().hex() + "  " + file.getKey() + "\n")
            .map(line -> line.getBytes(StandardCharsets.UTF_8))
            .sorted(Arrays::compareUnsigned)
            .toList();
    Hasher hasher = Hasher.of(List.<DigestAlgorithm>of());
    lines.forEach(line -> hasher.update(ByteBuffer.wrap(line)));
    return hasher.finish().sha256();
  }
}
