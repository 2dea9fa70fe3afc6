package dev.modelbake.digest;

import dev.modelbake.model.DigestAlgorithm;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collection;
import java.util.Set;

/** Hashes files where they stand. */
public final class FileDigests {
  private static final Set<OpenOption> READ =
      Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
  private static final int LEAST = 4 << 10;
  private static final int MOST = 256 << 10;

  private FileDigests() {}

  /**
   * SHA-256 and these digests of a file that is not a symbolic link. An interrupt of the thread
   * ends it with {@link java.nio.channels.ClosedByInterruptException}.
   */
  public static Digests of(Path file, Collection<DigestAlgorithm> others) throws IOException {
    Hasher hasher = Hasher.of(others);
    try (FileChannel channel = FileChannel.open(file, READ)) {
      // Trees have many small files: a buffer as large as needed, not as large as allowed.
      int capacity = (int) Math.max(LEAST, Math.min(MOST, channel.size() + 1));
      ByteBuffer buffer = ByteBuffer.allocate(capacity);
      while (channel.read(buffer.clear()) >= 0) {
        hasher.update(buffer.flip());
      }
    }
    return hasher.finish();
  }
}
