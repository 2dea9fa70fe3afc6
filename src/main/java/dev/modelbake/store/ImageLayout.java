package dev.modelbake.store;

import dev.modelbake.model.Digest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A store on disk, in the form of the OCI Image Layout Specification 1.0: {@code oci-layout},
 * {@code index.json}, {@code blobs/sha256/<hex>}. Partials are in a hidden directory beside them.
 */
record ImageLayout(Path root) implements BlobDirectory {
  private static final String MARKER = "{\"imageLayoutVersion\":\"1.0.0\"}";
  private static final String EMPTY_INDEX =
      "{\"schemaVersion\":2,\"mediaType\":\"application/vnd.oci.image.index.v1+json\","
          + "\"manifests\":[]}";

  /** A partial this old belongs to no run that still lives. */
  private static final Duration FORGOTTEN = Duration.ofDays(7);

  /** A small document is renamed at once. */
  private static final Duration MOMENT = Duration.ofHours(1);

  /** Makes what is missing, and tries whether it can be written. */
  static ImageLayout open(Path root) throws IOException {
    ImageLayout layout = new ImageLayout(root);
    Optional<Path> link = layout.link();
    if (link.isPresent()) {
      String what = "its %s is a symbolic link, which is not followed";
      throw new FileSystemException(
          root.toString(), null, what.formatted(root.relativize(link.get())));
    }
    Files.createDirectories(layout.blobs());
    Files.createDirectories(layout.work());
    layout.write("oci-layout", MARKER);
    layout.write("index.json", EMPTY_INDEX);
    layout.requireWritable();
    layout.sweep();
    return layout;
  }

  @Override
  public Durability durability() {
    return Durability.SYNCED;
  }

  @Override
  public Path partial(Digest digest, String token) {
    return work().resolve(digest.hex() + "-" + token + ".partial");
  }

  @Override
  public Stream<Path> partials(Digest digest) throws IOException {
    List<Path> found = new ArrayList<>();
    try (DirectoryStream<Path> files =
        Files.newDirectoryStream(work(), digest.hex() + "-*.partial")) {
      files.forEach(found::add);
    }
    return found.stream();
  }

  @Override
  public Path keep(Path partial, Digest digest, String token) throws IOException {
    openUp(partial);
    Path blob = blob(digest);
    Files.move(partial, blob, StandardCopyOption.ATOMIC_MOVE);
    Syncing.one(blobs());
    return blob;
  }

  /** Whoever may enter the store may read it: a mirror is served from such a directory. */
  private static void openUp(Path file) {
    try {
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    } catch (IOException | UnsupportedOperationException e) {
      // A stick's file system has one mode for all files.
      return;
    }
  }

  @Override
  public Stream<Path> find(Digest digest) {
    return link().isPresent() ? Stream.empty() : Stream.of(blob(digest)).filter(Files::exists);
  }

  /** A directory of the layout that leads elsewhere: another user may have put it there. */
  private Optional<Path> link() {
    return Stream.of(root.resolve("blobs"), blobs(), work())
        .filter(Files::isSymbolicLink)
        .findFirst();
  }

  private Path blobs() {
    return root.resolve("blobs").resolve("sha256");
  }

  private Path blob(Digest digest) {
    return blobs().resolve(digest.hex());
  }

  /** Where unfinished files and the locks are. */
  Path work() {
    return root.resolve(".modelbake");
  }

  /** Never replaces a file: another run may have written more into it. */
  private void write(String name, String text) throws IOException {
    Path file = root.resolve(name);
    if (Files.exists(file)) {
      return;
    }
    Path fresh = Files.createTempFile(work(), name, null);
    try {
      Files.write(fresh, text.getBytes(StandardCharsets.UTF_8));
      openUp(fresh);
      Files.move(fresh, file);
    } catch (FileAlreadyExistsException e) {
      return;
    } finally {
      Files.deleteIfExists(fresh);
    }
  }

  /** Asks rather than tries: what a killed run tried would lie among the blobs. */
  private void requireWritable() throws IOException {
    for (Path directory : List.of(work(), blobs())) {
      if (!Files.isWritable(directory)) {
        throw new AccessDeniedException(directory.toString());
      }
    }
  }

  private void sweep() throws IOException {
    sweep("*.{partial,journal}", FORGOTTEN);
    sweep("*.tmp", MOMENT);
  }

  private void sweep(String names, Duration age) throws IOException {
    Instant before = Instant.now().minus(age);
    try (DirectoryStream<Path> files = Files.newDirectoryStream(work(), names)) {
      for (Path file : files) {
        if (isFrom(file, before)) {
          Files.deleteIfExists(file);
        }
      }
    }
  }

  /** One that another run renames at this moment is not. */
  private static boolean isFrom(Path file, Instant before) throws IOException {
    try {
      return Files.getLastModifiedTime(file).toInstant().isBefore(before);
    } catch (NoSuchFileException e) {
      return false;
    }
  }
}
