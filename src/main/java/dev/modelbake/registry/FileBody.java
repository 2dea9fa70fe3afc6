package dev.modelbake.registry;

import dev.modelbake.digest.Hasher;
import dev.modelbake.http.Send;
import dev.modelbake.model.BakeException;
import dev.modelbake.model.Descriptor;
import dev.modelbake.model.Digest;
import dev.modelbake.model.DigestMismatchException;
import dev.modelbake.model.DiskException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.function.LongConsumer;

/** A file as the body of an upload, which never completes with other bytes than those expected. */
final class FileBody implements Send.Body {
  private static final int BUFFER = 256 << 10;

  private final Path file;
  private final Descriptor content;
  private final LongConsumer sent;

  FileBody(Path file, Descriptor content, LongConsumer sent) {
    this.file = file;
    this.content = content;
    this.sent = sent;
  }

  /** What is wrong with the file, carried out through the client. */
  private static final class DamageException extends IOException {
    private static final long serialVersionUID = 1L;

    private final transient BakeException damage;

    DamageException(BakeException damage) {
      super(damage.getMessage(), damage);
      this.damage = damage;
    }
  }

  /** The damage that a failed request was about. */
  static Optional<BakeException> damage(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof DamageException found) {
        return Optional.of(found.damage);
      }
    }
    return Optional.empty();
  }

  @Override
  public long length() {
    return content.size().orElseThrow();
  }

  @Override
  public void writeTo(Send.Sink sink) throws IOException {
    try (FileChannel in =
        FileChannel.open(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
      write(in, sink);
    }
  }

  private void write(FileChannel in, Send.Sink sink) throws IOException {
    Hasher hasher = Hasher.of(List.of());
    ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
    long count = 0;
    while (count < length()) {
      int n = read(in, buffer.clear());
      if (n < 0) {
        throw wrong(hasher.finish().sha256(), count);
      }
      count += n;
      hasher.update(buffer.flip());
      if (count > length()) {
        throw wrong(hasher.finish().sha256(), in.size());
      }
      if (count == length()) {
        Digest digest = hasher.finish().sha256();
        if (!digest.equals(content.digest())) {
          throw wrong(digest, count);
        }
      }
      sink.write(buffer.rewind());
      sent.accept(count);
    }
  }

  private int read(FileChannel in, ByteBuffer buffer) throws DamageException {
    try {
      return in.read(buffer);
    } catch (IOException e) {
      throw new DamageException(
          new DiskException(
              "reading " + file, file.toString(), "it cannot be read", "look at that disk", e));
    }
  }

  private DamageException wrong(Digest actual, long size) {
    return new DamageException(new DigestMismatchException(file.toString(), content, actual, size));
  }
}
