package dev.modelbake.chaos;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;

/** An open file whose reads, writes and syncs may fail, be short, or change a bit. */
final class FaultyChannel extends FileChannel {
  private final Path path;
  private final FileChannel real;

  FaultyChannel(Path path, FileChannel real) {
    this.path = path;
    this.real = real;
  }

  /** Writes all, or less than was asked, or something else. */
  private interface Writing {
    int write(ByteBuffer bytes) throws IOException;
  }

  private int written(ByteBuffer from, Writing writing) throws IOException {
    DiskFaults.Write how = DiskFaults.write(path, from.remaining());
    ByteBuffer slice = from.duplicate().limit(from.position() + how.length());
    if (how.flipped()) {
      ByteBuffer changed = ByteBuffer.allocate(slice.remaining());
      changed.put(slice).flip();
      changed.put(0, (byte) (changed.get(0) ^ 1));
      slice = changed;
    }
    int n = writing.write(slice);
    from.position(from.position() + n);
    return n;
  }

  @Override
  public int read(ByteBuffer to) throws IOException {
    DiskFaults.look(path);
    return real.read(to);
  }

  @Override
  public long read(ByteBuffer[] to, int offset, int length) throws IOException {
    DiskFaults.look(path);
    return real.read(to, offset, length);
  }

  @Override
  public int read(ByteBuffer to, long position) throws IOException {
    DiskFaults.look(path);
    return real.read(to, position);
  }

  @Override
  public int write(ByteBuffer from) throws IOException {
    return written(from, real::write);
  }

  @Override
  public long write(ByteBuffer[] from, int offset, int length) throws IOException {
    return write(from[offset]);
  }

  @Override
  public int write(ByteBuffer from, long position) throws IOException {
    return written(from, bytes -> real.write(bytes, position));
  }

  @Override
  public long position() throws IOException {
    return real.position();
  }

  @Override
  public FileChannel position(long position) throws IOException {
    real.position(position);
    return this;
  }

  @Override
  public long size() throws IOException {
    return real.size();
  }

  @Override
  public FileChannel truncate(long size) throws IOException {
    DiskFaults.change("truncate", path);
    real.truncate(size);
    return this;
  }

  @Override
  public void force(boolean metaData) throws IOException {
    DiskFaults.change("sync", path);
    real.force(metaData);
  }

  @Override
  public long transferTo(long position, long count, WritableByteChannel target) throws IOException {
    DiskFaults.look(path);
    return real.transferTo(position, count, target);
  }

  @Override
  public long transferFrom(ReadableByteChannel source, long position, long count)
      throws IOException {
    DiskFaults.change("transfer", path);
    return real.transferFrom(source, position, count);
  }

  @Override
  public MappedByteBuffer map(MapMode mode, long position, long size) throws IOException {
    return real.map(mode, position, size);
  }

  @Override
  public FileLock lock(long position, long size, boolean shared) throws IOException {
    return real.lock(position, size, shared);
  }

  @Override
  public FileLock tryLock(long position, long size, boolean shared) throws IOException {
    return real.tryLock(position, size, shared);
  }

  @Override
  protected void implCloseChannel() throws IOException {
    real.close();
  }
}
