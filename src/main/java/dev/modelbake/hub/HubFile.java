package dev.modelbake.hub;

import dev.modelbake.model.Digest;
import java.util.Optional;

/**
 * One file of a commit, as the hub describes it.
 *
 * @param path relative, with {@code /}
 * @param size in bytes, of the file itself and not of its pointer
 * @param blobId what git calls its bytes, 40 hexadecimal digits; for a file in git-lfs its
 *     pointer's
 * @param lfsSha256 of the bytes, for a file in git-lfs
 */
public record HubFile(String path, long size, String blobId, Optional<Digest> lfsSha256) {
  /** The name of its blob in the cache of the hub's library. */
  public String cacheName() {
    return lfsSha256.map(Digest::hex).orElse(blobId);
  }
}
