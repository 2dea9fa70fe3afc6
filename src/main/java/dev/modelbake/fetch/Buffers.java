package dev.modelbake.fetch;

import java.nio.ByteBuffer;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Buffers outside the heap, which the kernel fills and empties without a further copy. They are
 * used again, since their memory comes back only when the garbage collector gets to them. Safe for
 * use by several threads.
 */
final class Buffers {
  /** The size of each, in bytes. */
  static final int SIZE = 256 << 10;

  private final ConcurrentLinkedQueue<ByteBuffer> free = new ConcurrentLinkedQueue<>();

  /** One for the caller alone. */
  ByteBuffer take() {
    ByteBuffer buffer = free.poll();
    return buffer == null ? ByteBuffer.allocateDirect(SIZE) : buffer.clear();
  }

  /** Gives one back, of which the caller makes no further use. */
  void giveBack(ByteBuffer buffer) {
    free.add(buffer);
  }
}
