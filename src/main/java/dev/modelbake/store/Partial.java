package dev.modelbake.store;

import dev.modelbake.digest.Digests;
import dev.modelbake.digest.Hasher;
import dev.modelbake.model.DigestAlgorithm;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Collection;
import java.util.Set;

/**
 * Bytes so far, unverified, in a private file; they are hashed as they are written.
 *
 * <p>For one thread at a time. Closing keeps the file; {@link #discard} removes it.
 */
public final class Partial implements Closeable {
  private static final Set<OpenOption> FRESH =
      Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);

  private final Path path;
  private final FileChannel channel;
  private final Hasher hasher;

  private Partial(Path path, FileChannel channel, Hasher hasher) {
    this.path = path;
    this.channel = channel;
    this.hasher = hasher;
  }

  /** A new, empty file with mode 0600 whatever the umask; fails if the path exists. */
  static Partial create(Path path, Collection<DigestAlgorithm> others) throws IOException {
    FileChannel channel =
        FileChannel.open(
            path,
            FRESH,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    return new Partial(path, channel, Hasher.of(others));
  }

  /** Appends the remaining bytes of a buffer. */
  public void write(ByteBuffer bytes) throws IOException {
    ByteBuffer hashed = bytes.duplicate();
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
    hasher.update(hashed);
  }

  /** A stream that appends here; closing it does nothing. */
  public OutputStream sink() {
    return new OutputStream() {
      @Override
      public void write(int b) throws IOException {
        Partial.this.write(ByteBuffer.wrap(new byte[] {(byte) b}));
      }

      @Override
      public void write(byte[] bytes, int offset, int length) throws IOException {
        Partial.this.write(ByteBuffer.wrap(bytes, offset, length));
      }
    };
  }

  /** The number of bytes so far. */
  public long length() {
    return hasher.length();
  }

  /** Throws away all bytes and begins again. */
  public void restart() throws IOException {
    channel.truncate(0);
    channel.position(0);
    hasher.finish();
  }

  /** Where the bytes are. */
  public Path path() {
    return path;
  }

  /** Waits until all bytes are on the medium. */
  void sync() throws IOException {
    channel.force(true);
  }

  /** Ends writing and gives the digests; only the store asks. */
  Digests finish() throws IOException {
    Digests digests = hasher.finish();
    channel.close();
    return digests;
  }

  /** Keeps the file. */
  @Override
  public void close() throws IOException {
    channel.close();
  }

  /** Removes the file. */
  public void discard() throws IOException {
    channel.close();
    Files.deleteIfExists(path);
  }
}
