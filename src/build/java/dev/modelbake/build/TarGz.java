package dev.modelbake.build;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.Deflater;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.apache.commons.compress.compressors.gzip.GzipCompressorOutputStream;
import org.apache.commons.compress.compressors.gzip.GzipParameters;

/** A directory as {@code .tar.gz}: sorted, of one time, owned by root. */
final class TarGz {
  private static final int EXECUTABLE = 0755;
  private static final int PLAIN = 0644;

  private final Instant time;

  TarGz(Instant time) {
    this.time = time;
  }

  /** The directory's own name is the first part of each name in the archive. */
  void pack(Path directory, Path file) throws IOException {
    GzipParameters parameters = new GzipParameters();
    parameters.setCompressionLevel(Deflater.DEFAULT_COMPRESSION);
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file));
        OutputStream gzip = new GzipCompressorOutputStream(out, parameters);
        TarArchiveOutputStream tar = new TarArchiveOutputStream(gzip);
        Stream<Path> paths = Files.walk(directory)) {
      tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
      List<Path> sorted = paths.sorted().toList();
      for (Path path : sorted) {
        add(tar, path, directory.getParent().relativize(path).toString());
      }
    }
  }

  private void add(TarArchiveOutputStream tar, Path path, String name) throws IOException {
    TarArchiveEntry entry = entry(path, name);
    entry.setModTime(time.toEpochMilli());
    entry.setIds(0, 0);
    entry.setNames("root", "root");
    tar.putArchiveEntry(entry);
    if (!entry.isSymbolicLink() && !entry.isDirectory()) {
      Files.copy(path, tar);
    }
    tar.closeArchiveEntry();
  }

  private static TarArchiveEntry entry(Path path, String name) throws IOException {
    if (Files.isSymbolicLink(path)) {
      TarArchiveEntry link = new TarArchiveEntry(name, TarConstants.LF_SYMLINK);
      link.setLinkName(Files.readSymbolicLink(path).toString());
      return link;
    }
    if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
      TarArchiveEntry directory = new TarArchiveEntry(name + "/");
      directory.setMode(EXECUTABLE);
      return directory;
    }
    TarArchiveEntry entry = new TarArchiveEntry(name);
    entry.setSize(Files.size(path));
    entry.setMode(Files.isExecutable(path) ? EXECUTABLE : PLAIN);
    return entry;
  }
}
