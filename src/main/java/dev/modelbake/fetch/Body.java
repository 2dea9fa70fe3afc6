package dev.modelbake.fetch;

import dev.modelbake.http.Answer;
import dev.modelbake.http.HttpFailure;
import java.nio.ByteBuffer;
import java.util.function.BooleanSupplier;

/** Moves bodies to their place in a part, one after the other; for one thread. */
final class Body implements AutoCloseable {
  private static final int SMALL = 64 << 10;
  private static final long BETWEEN_LOOKS = 16L << 20;

  private final Part part;
  private final Progress progress;
  private final Buffers buffers;
  private final BooleanSupplier stopped;
  private final ByteBuffer buffer;
  private long lookAt;

  /**
   * For the bodies of one connection.
   *
   * @param stopped whether nobody wants more
   */
  Body(Part part, Transfer.Line line, BooleanSupplier stopped) {
    this.part = part;
    this.stopped = stopped;
    progress = line.progress();
    buffers = line.buffers();
    long most = part.size().orElse(Long.MAX_VALUE);
    buffer = most <= SMALL ? ByteBuffer.allocate((int) most + 1) : buffers.take();
  }

  /** Hears, between two reads, how far it is; may shorten the claim. */
  @FunctionalInterface
  interface Onlooker {
    void at(long position);
  }

  /**
   * Reads until the claim or the body ends.
   *
   * @throws HttpFailure if the body broke off; what came is written
   */
  void read(Answer answer, Claim claim, Onlooker onlooker) throws HttpFailure {
    Part.Writer writer = part.at(claim.from());
    buffer.clear();
    try {
      while (!stopped.getAsBoolean()) {
        long at = writer.position() + buffer.position();
        long room = Math.min(claim.to() - at, buffer.capacity() - buffer.position());
        if (room <= 0) {
          break;
        }
        int n = answer.read(buffer.limit(buffer.position() + (int) room));
        if (n < 0) {
          break;
        }
        progress.arrived(n);
        progress.at(part.total() + buffer.position());
        if (buffer.position() >= buffer.capacity() / 2) {
          flush(writer, claim);
          onlooker.at(writer.position());
        }
      }
    } finally {
      flush(writer, claim);
      writer.close();
    }
  }

  /** Gives its buffer back. */
  @Override
  public void close() {
    if (buffer.isDirect()) {
      buffers.giveBack(buffer);
    }
  }

  private void flush(Part.Writer writer, Claim claim) {
    writer.write(buffer.flip());
    claim.reach(writer.position());
    buffer.clear();
    if (part.size().isEmpty() && writer.position() >= lookAt) {
      lookAt = writer.position() + BETWEEN_LOOKS;
      part.checkRoom();
    }
  }
}
