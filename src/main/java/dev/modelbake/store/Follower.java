package dev.modelbake.store;

import dev.modelbake.digest.Digests;
import dev.modelbake.digest.Hasher;
import dev.modelbake.model.Digest;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import org.jspecify.annotations.Nullable;

/**
 * Hashes the beginning of a file that others are still writing, from a thread of its own as soon as
 * there is enough to do. What it reads was written a moment ago and comes from memory, so that the
 * digests are those of what the file really holds.
 *
 * <p>Safe for use by several threads, but for {@link #finish} and {@link #restart}.
 */
final class Follower {
  /** Between two milestones, in bytes. */
  static final long STRIDE = 64L << 20;

  private static final int BUFFER = 256 << 10;
  private static final long WORTH_A_THREAD = 2L << 20;

  private final FileChannel channel;
  private final Hasher hasher;
  private final Milestones milestones;
  private volatile long hashed;
  private volatile boolean abandoned;
  private long frontier;
  private boolean ending;
  private @Nullable Thread thread;
  private @Nullable IOException failure;

  Follower(FileChannel channel, Hasher hasher, Milestones milestones) {
    this.channel = channel;
    this.hasher = hasher;
    this.milestones = milestones;
  }

  /** Hears of every multiple of {@link #STRIDE}, with the digest of the bytes before it. */
  @FunctionalInterface
  interface Milestones {
    void reached(long length, Digest before) throws IOException;
  }

  /** Says how many bytes the file has without a gap. */
  synchronized void reach(long length) {
    frontier = length;
    if (thread == null && frontier - hashed >= WORTH_A_THREAD) {
      thread = new Thread(this::follow, "modelbake-hash");
      thread.setDaemon(true);
      thread.start();
    }
    notifyAll();
  }

  /** Hashes up to a byte that is there, in the calling thread. */
  void hashTo(long length) throws IOException {
    long rest = Math.max(1, length - hashed);
    hash(length, ByteBuffer.allocate((int) Math.min(BUFFER, rest)));
  }

  /** The digests of everything up to the frontier. */
  Digests finish() throws IOException {
    synchronized (this) {
      ending = true;
      notifyAll();
    }
    join();
    if (failure != null) {
      throw failure;
    }
    hashTo(frontier);
    Digests digests = hasher.finish();
    restart();
    return digests;
  }

  /** Forgets what was hashed: the file begins anew. */
  void restart() {
    abandon();
    hasher.finish();
    hashed = 0;
    frontier = 0;
    failure = null;
    ending = false;
    abandoned = false;
  }

  /** Ends the thread as soon as possible; what it hashed is of no further use. */
  void abandon() {
    synchronized (this) {
      abandoned = true;
      notifyAll();
    }
    boolean interrupted = Thread.interrupted();
    try {
      join();
    } catch (ClosedByInterruptException e) {
      interrupted = true;
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void join() throws ClosedByInterruptException {
    Thread running = thread;
    if (running != null) {
      try {
        running.join();
        thread = null;
      } catch (InterruptedException e) {
        abandoned = true;
        Thread.currentThread().interrupt();
        throw new ClosedByInterruptException();
      }
    }
  }

  private void follow() {
    ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER);
    try {
      for (long length = next(); length > hashed && !abandoned; length = next()) {
        hash(length, buffer);
      }
    } catch (IOException e) {
      failure = e;
    } catch (InterruptedException e) {
      // Nobody interrupts this thread.
      Thread.currentThread().interrupt();
    }
  }

  /** Waits for a bufferful; at the end, or when nobody wants it any more, gives what there is. */
  private synchronized long next() throws InterruptedException {
    while (!ending && !abandoned && frontier - hashed < BUFFER) {
      wait();
    }
    return frontier;
  }

  private void hash(long length, ByteBuffer buffer) throws IOException {
    long at = hashed;
    while (at < length && !abandoned) {
      long milestone = (at / STRIDE + 1) * STRIDE;
      long most = Math.min(Math.min(length, milestone) - at, buffer.capacity());
      int n = channel.read(buffer.clear().limit((int) most), at);
      if (n < 0) {
        throw new EOFException("the file lost bytes that were written");
      }
      hasher.update(buffer.flip());
      at += n;
      hashed = at;
      if (at == milestone) {
        milestones.reached(at, hasher.sha256SoFar());
      }
    }
  }
}
