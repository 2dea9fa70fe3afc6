package dev.modelbake.chaos;

import java.io.IOException;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessMode;
import java.nio.file.CopyOption;
import java.nio.file.DirectoryStream;
import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileAttributeView;
import java.nio.file.spi.FileSystemProvider;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The machine's own files, with {@link DiskFaults} between them and the program. A Java machine
 * takes it for its default provider with {@code -Djava.nio.file.spi.DefaultFileSystemProvider}, so
 * that the program under test needs no seam for it.
 */
public final class FaultyFiles extends FileSystemProvider {
  private final FileSystemProvider real;
  private final FaultyFileSystem fileSystem;

  /** Called by the Java machine. */
  public FaultyFiles(FileSystemProvider real) {
    this.real = real;
    this.fileSystem = new FaultyFileSystem(this, real.getFileSystem(URI.create("file:///")));
  }

  Path wrapped(Path path) {
    return new FaultyPath(fileSystem, path);
  }

  static Path bare(Path path) {
    return path instanceof FaultyPath faulty ? faulty.real() : path;
  }

  @Override
  public String getScheme() {
    return real.getScheme();
  }

  @Override
  public FileSystem newFileSystem(URI uri, Map<String, ?> env) throws IOException {
    return real.newFileSystem(uri, env);
  }

  @Override
  public FileSystem getFileSystem(URI uri) {
    return fileSystem;
  }

  @Override
  public Path getPath(URI uri) {
    return wrapped(real.getPath(uri));
  }

  @Override
  public SeekableByteChannel newByteChannel(
      Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
      throws IOException {
    return newFileChannel(path, options, attributes);
  }

  @Override
  public FileChannel newFileChannel(
      Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
      throws IOException {
    Path bare = bare(path);
    boolean makes =
        options.contains(StandardOpenOption.CREATE)
            || options.contains(StandardOpenOption.CREATE_NEW)
            || options.contains(StandardOpenOption.TRUNCATE_EXISTING);
    if (makes) {
      DiskFaults.change("open", bare);
    } else {
      DiskFaults.look(bare);
    }
    return new FaultyChannel(bare, real.newFileChannel(bare, options, attributes));
  }

  @Override
  public DirectoryStream<Path> newDirectoryStream(
      Path directory, DirectoryStream.Filter<? super Path> filter) throws IOException {
    DiskFaults.look(bare(directory));
    List<Path> found = new ArrayList<>();
    try (DirectoryStream<Path> stream = real.newDirectoryStream(bare(directory), path -> true)) {
      for (Path path : stream) {
        Path wrapped = wrapped(path);
        if (filter.accept(wrapped)) {
          found.add(wrapped);
        }
      }
    }
    return new DirectoryStream<>() {
      @Override
      public Iterator<Path> iterator() {
        return found.iterator();
      }

      @Override
      public void close() {}
    };
  }

  @Override
  public void createDirectory(Path directory, FileAttribute<?>... attributes) throws IOException {
    DiskFaults.change("mkdir", bare(directory));
    real.createDirectory(bare(directory), attributes);
  }

  @Override
  public void createSymbolicLink(Path link, Path target, FileAttribute<?>... attributes)
      throws IOException {
    DiskFaults.change("symlink", bare(link));
    real.createSymbolicLink(bare(link), bare(target), attributes);
  }

  @Override
  public void createLink(Path link, Path existing) throws IOException {
    DiskFaults.change("link", bare(link));
    real.createLink(bare(link), bare(existing));
  }

  @Override
  public void delete(Path path) throws IOException {
    DiskFaults.change("delete", bare(path));
    real.delete(bare(path));
  }

  @Override
  public boolean deleteIfExists(Path path) throws IOException {
    DiskFaults.change("delete", bare(path));
    return real.deleteIfExists(bare(path));
  }

  @Override
  public Path readSymbolicLink(Path link) throws IOException {
    DiskFaults.look(bare(link));
    return wrapped(real.readSymbolicLink(bare(link)));
  }

  @Override
  public void copy(Path from, Path to, CopyOption... options) throws IOException {
    DiskFaults.change("copy", bare(to));
    real.copy(bare(from), bare(to), options);
  }

  @Override
  public void move(Path from, Path to, CopyOption... options) throws IOException {
    DiskFaults.move(bare(from), bare(to));
    real.move(bare(from), bare(to), options);
  }

  @Override
  public boolean isSameFile(Path one, Path other) throws IOException {
    return real.isSameFile(bare(one), bare(other));
  }

  @Override
  public boolean isHidden(Path path) throws IOException {
    return real.isHidden(bare(path));
  }

  @Override
  public FileStore getFileStore(Path path) throws IOException {
    return real.getFileStore(bare(path));
  }

  @Override
  public void checkAccess(Path path, AccessMode... modes) throws IOException {
    real.checkAccess(bare(path), modes);
  }

  @Override
  public <V extends FileAttributeView> V getFileAttributeView(
      Path path, Class<V> type, LinkOption... options) {
    V view = real.getFileAttributeView(bare(path), type, options);
    return view == null ? null : FaultyView.of(type, view, bare(path));
  }

  @Override
  public <A extends BasicFileAttributes> A readAttributes(
      Path path, Class<A> type, LinkOption... options) throws IOException {
    DiskFaults.look(bare(path));
    return real.readAttributes(bare(path), type, options);
  }

  @Override
  public Map<String, Object> readAttributes(Path path, String names, LinkOption... options)
      throws IOException {
    DiskFaults.look(bare(path));
    return real.readAttributes(bare(path), names, options);
  }

  @Override
  public void setAttribute(Path path, String name, Object value, LinkOption... options)
      throws IOException {
    DiskFaults.change("set " + name, bare(path));
    real.setAttribute(bare(path), name, value, options);
  }
}
