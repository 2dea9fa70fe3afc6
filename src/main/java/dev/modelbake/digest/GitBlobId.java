package dev.modelbake.digest;

import dev.modelbake.model.Digest;
import dev.modelbake.model.DigestAlgorithm;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * Computes git's id of a blob: the SHA-1 of {@code blob <size>}, a zero byte and the bytes. It
 * names things and proves nothing. Not for use by several threads.
 */
public final class GitBlobId {
  private static final int BUFFER = 64 << 10;

  private final MessageDigest sha1;

  private GitBlobId(MessageDigest sha1) {
    this.sha1 = sha1;
  }

  /** The id of bytes that are going to be given, of which there are this many. */
  public static GitBlobId ofSize(long size) {
    try {
      MessageDigest sha1 = MessageDigest.getInstance("SHA-1");
      sha1.update(("blob " + size + "\0").getBytes(StandardCharsets.US_ASCII));
      return new GitBlobId(sha1);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java runtime has SHA-1", e);
    }
  }

  /** The id of a file that is not a symbolic link. */
  public static String of(Path file) throws IOException {
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
      GitBlobId id = ofSize(channel.size());
      ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
      while (channel.read(buffer.clear()) >= 0) {
        id.update(buffer.flip());
      }
      return id.hex();
    }
  }

  /** Takes the remaining bytes of a buffer. */
  public void update(ByteBuffer bytes) {
    sha1.update(bytes);
  }

  /** The id of all bytes taken, 40 hexadecimal digits. */
  public String hex() {
    return Digest.of(DigestAlgorithm.SHA1, sha1.digest()).hex();
  }
}
