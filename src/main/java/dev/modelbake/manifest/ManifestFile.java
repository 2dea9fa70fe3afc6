package dev.modelbake.manifest;

import dev.modelbake.model.CannotCreateException;
import dev.modelbake.model.ContradictionException;
import dev.modelbake.model.Digest;
import dev.modelbake.model.ManifestException;
import dev.modelbake.model.MissingException;
import dev.modelbake.model.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A manifest on disk that will be edited.
 *
 * @param source the file as the user named it
 * @param path the file itself, links followed
 * @param text as it was read
 */
public record ManifestFile(String source, Path path, String text) {
  private static final String BESIDE = ".modelbake-";
  private static final Duration MOMENT = Duration.ofHours(1);

  /**
   * Reads it.
   *
   * @throws MissingException if it is absent or no readable regular file
   * @throws ManifestException if it is no text
   */
  public static ManifestFile read(Path file) {
    try {
      ManifestText text = new ManifestFiles(InputStream.nullInputStream()).read(file);
      text.decode();
      String whole = new String(text.bytes(), StandardCharsets.UTF_8);
      return new ManifestFile(text.source(), file.toRealPath(), whole);
    } catch (Unreadable e) {
      throw new ManifestException(List.of(e.problem()));
    } catch (IOException e) {
      throw new MissingException(
          "reading the manifest " + file, "it cannot be read", "name a readable file", e);
    }
  }

  /** Where its {@code file:} URLs begin. */
  public Optional<Path> directory() {
    return Optional.ofNullable(path.getParent());
  }

  /**
   * Finds out, before the work of which it will tell, whether it can be replaced.
   *
   * @throws CannotCreateException if it cannot
   */
  public void requireWritable() {
    Path directory = directory().orElse(path);
    if (!Files.isWritable(path)) {
      throw unwritable("it may not be written", "make it writable (chmod u+w)");
    }
    if (!Files.isWritable(directory)) {
      throw unwritable(
          "no file can be made in " + directory,
          "make its directory writable, or print with -o to another file");
    }
  }

  private CannotCreateException unwritable(String happened, String remedy) {
    return new CannotCreateException(source, happened, remedy, null);
  }

  /**
   * Puts another text in its place: beside it first, then by renaming, with its owner and mode.
   *
   * @throws ContradictionException if somebody else has changed it since it was read
   * @throws CannotCreateException if it cannot be written
   */
  public void replace(String other) {
    String name = path.getFileName() + BESIDE;
    String random = HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextInt());
    Path beside = path.resolveSibling(name + random);
    try {
      sweep(name);
      if (!Digest.ofBytes(Files.readAllBytes(path)).equals(digest())) {
        throw new ContradictionException(
            source, "somebody else changed it while the pins were found; it was left alone");
      }
      requireWritable();
      try {
        write(beside, other.getBytes(StandardCharsets.UTF_8));
        Files.move(
            beside, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      } finally {
        Files.deleteIfExists(beside);
      }
    } catch (IOException e) {
      throw new CannotCreateException(
          source,
          "it cannot be written: " + Reason.of(e),
          "make its directory writable, or print with -o to another file",
          e);
    }
  }

  /** Removes what killed runs left; a live one renames its file at once. */
  private void sweep(String name) throws IOException {
    Instant dead = Instant.now().minus(MOMENT);
    Path directory = directory().orElseThrow();
    try (DirectoryStream<Path> files =
        Files.newDirectoryStream(
            directory, file -> file.getFileName().toString().startsWith(name))) {
      for (Path file : files) {
        if (Files.getLastModifiedTime(file).toInstant().isBefore(dead)) {
          Files.deleteIfExists(file);
        }
      }
    }
  }

  private Digest digest() {
    return Digest.ofBytes(text.getBytes(StandardCharsets.UTF_8));
  }

  private void write(Path beside, byte[] bytes) throws IOException {
    try (FileChannel channel =
        FileChannel.open(beside, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      ByteBuffer buffer = ByteBuffer.wrap(bytes);
      while (buffer.hasRemaining()) {
        channel.write(buffer);
      }
      channel.force(true);
    }
    if (!path.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      return; // neither owner nor mode to keep
    }
    PosixFileAttributes was = Files.readAttributes(path, PosixFileAttributes.class);
    PosixFileAttributeView view =
        Files.getFileAttributeView(beside, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
    PosixFileAttributes is = view.readAttributes();
    if (!was.owner().equals(is.owner())) {
      view.setOwner(was.owner());
    }
    if (!was.group().equals(is.group())) {
      view.setGroup(was.group());
    }
    view.setPermissions(was.permissions());
  }
}
