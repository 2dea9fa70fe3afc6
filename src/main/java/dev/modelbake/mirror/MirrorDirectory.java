package dev.modelbake.mirror;

import dev.modelbake.model.CannotCreateException;
import dev.modelbake.model.Descriptor;
import dev.modelbake.model.Digest;
import dev.modelbake.model.DiskException;
import dev.modelbake.model.Explanation;
import dev.modelbake.model.FailureKind;
import dev.modelbake.model.MirrorException;
import dev.modelbake.model.Reason;
import dev.modelbake.oci.Artifact;
import dev.modelbake.oci.ImageIndex;
import dev.modelbake.oci.OciDocument;
import dev.modelbake.store.Syncing;
import dev.modelbake.trust.TrustedKeys;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * A mirror on disk: an OCI image layout with {@code modelbake-index.json} and its signatures beside
 * {@code index.json}. The index is written last, so that a copy which was broken off has none.
 *
 * @param root the directory
 */
record MirrorDirectory(Path root) {
  private static final Set<String> FAT = Set.of("vfat", "msdos", "FAT32");

  static final String INDEX = "modelbake-index.json";

  /** The bytes of the index; empty when there is none. */
  Optional<byte[]> indexBytes() {
    return read(INDEX, MirrorIndexJson.MOST_BYTES);
  }

  /** The index, when there is one; not verified. */
  Optional<MirrorIndex> index() {
    return indexBytes().map(this::read);
  }

  /** These bytes as its index. */
  MirrorIndex read(byte[] bytes) {
    return MirrorIndexJson.read(root.resolve(INDEX).toString(), bytes);
  }

  /** The file that signs the index. */
  Optional<byte[]> signature(String ending) {
    return read(INDEX + ending, TrustedKeys.MOST);
  }

  private Optional<byte[]> read(String name, int most) {
    Path file = root.resolve(name);
    try {
      if (Files.exists(file) && !Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
        throw refused(List.of(name), "it is no regular file: " + name);
      }
      try (InputStream in = Files.newInputStream(file)) {
        byte[] bytes = in.readNBytes(most + 1);
        if (bytes.length > most) {
          throw refused(List.of(name), "%s has more than %d bytes".formatted(name, most));
        }
        return Optional.of(bytes);
      }
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw disk("reading " + file, file, e);
    }
  }

  Path blob(Digest digest) {
    return blobs().resolve(digest.hex());
  }

  private Path blobs() {
    return root.resolve("blobs").resolve("sha256");
  }

  /** The size of a blob's file, in bytes; -1 when there is none. */
  long sizeOf(Digest digest) {
    try {
      BasicFileAttributes file =
          Files.readAttributes(blob(digest), BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      return file.isRegularFile() ? file.size() : -1;
    } catch (IOException e) {
      return -1;
    }
  }

  /**
   * Refuses a directory that is something else.
   *
   * @throws CannotCreateException if it has an {@code index.json} that is none of an image layout
   */
  void requireOurs() {
    boolean other =
        Files.exists(root.resolve("index.json")) && !Files.exists(root.resolve("oci-layout"));
    if (other) {
      throw new CannotCreateException(
          root.toString(),
          "it has an index.json that belongs to something else",
          "name a directory of its own for the mirror",
          null);
    }
  }

  /**
   * Begins to write: from now on everything here that no index names is the writer's, also when it
   * is killed and another goes on.
   *
   * @param last what the index that is there names; asked for only when another did not begin
   * @param wanted what is going to be written
   * @throws CannotCreateException if there are blobs already that neither the index names nor are
   *     wanted
   */
  void begin(Supplier<Contents> last, Collection<Descriptor> wanted) {
    if (Files.exists(marker())) {
      return;
    }
    Set<String> names = new HashSet<>();
    wanted.forEach(one -> names.add("blobs/sha256/" + one.digest().hex()));
    List<String> others = unknown(last.get()).stream().filter(one -> !names.contains(one)).toList();
    if (!others.isEmpty()) {
      throw new CannotCreateException(
          root.toString(),
          "it holds %d files that no index of a mirror names, such as %s"
              .formatted(others.size(), others.get(0)),
          "name another directory (and this one with --from), or clean it up with modelbake gc",
          null);
    }
    try {
      Files.createFile(marker());
    } catch (IOException e) {
      throw disk("writing the mirror " + root, root, e);
    }
  }

  /** Ends the writing: what the index does not name was of an earlier one, or of a killed run. */
  void end(Contents contents) {
    try {
      for (String path : unknown(contents)) {
        if (Files.isRegularFile(root.resolve(path), LinkOption.NOFOLLOW_LINKS)) {
          Files.delete(root.resolve(path));
        }
      }
      Files.deleteIfExists(marker());
    } catch (IOException e) {
      throw disk("cleaning up the mirror " + root, root, e);
    }
  }

  private Path marker() {
    return root.resolve(".modelbake").resolve("writing");
  }

  /** What is wrong with the documents that other tools read; nothing when all are right. */
  List<String> wrongDocuments(Contents contents) {
    List<String> wrong = new ArrayList<>();
    Map<String, OciDocument> tagged = new LinkedHashMap<>();
    for (Map.Entry<String, Artifact> one : contents.artifacts().entrySet()) {
      tagged.put(one.getKey(), one.getValue().top());
      for (OciDocument document : one.getValue().documents()) {
        String hex = document.descriptor().digest().hex();
        if (!isThere(blobs().resolve(hex), document.bytes())) {
          wrong.add("blobs/sha256/" + hex);
        }
      }
    }
    if (!isThere(root.resolve("index.json"), ImageIndex.of(tagged))) {
      wrong.add("index.json");
    }
    if (!isThere(root.resolve("oci-layout"), bytes(ImageIndex.MARKER))) {
      wrong.add("oci-layout");
    }
    return wrong;
  }

  private static boolean isThere(Path file, byte[] bytes) {
    try {
      return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
          && Files.size(file) == bytes.length
          && Arrays.equals(Files.readAllBytes(file), bytes);
    } catch (IOException e) {
      return false;
    }
  }

  /** Files that no index of this directory accounts for, as paths below it. */
  List<String> unknown(Contents contents) {
    Set<String> known = contents.names();
    List<String> unknown = new ArrayList<>();
    Path top = root.resolve("blobs");
    if (Files.isSymbolicLink(top)) {
      return List.of("blobs");
    }
    for (Path algorithm : list(top)) {
      if (!algorithm.getFileName().toString().equals("sha256") || Files.isSymbolicLink(algorithm)) {
        unknown.add("blobs/" + algorithm.getFileName());
        continue;
      }
      for (Path blob : list(algorithm)) {
        String name = String.valueOf(blob.getFileName());
        if (!known.contains(name) || !Files.isRegularFile(blob, LinkOption.NOFOLLOW_LINKS)) {
          unknown.add("blobs/sha256/" + name);
        }
      }
    }
    return unknown.stream().sorted().toList();
  }

  private static List<Path> list(Path directory) {
    List<Path> found = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
      files.forEach(found::add);
    } catch (NoSuchFileException e) {
      return List.of();
    } catch (IOException e) {
      throw disk("reading " + directory, directory, e);
    }
    return found;
  }

  /**
   * Writes everything but the blobs, which must be there: the documents, {@code index.json}, the
   * signatures, and last the index itself. One that is there already with these bytes is left
   * alone.
   *
   * @param signatures by the ending of their names
   * @throws DiskException if that fails
   */
  void write(Contents contents, byte[] indexBytes, Map<String, byte[]> signatures) {
    try {
      Files.createDirectories(blobs());
      List<Path> fresh = new ArrayList<>();
      Map<String, OciDocument> tagged = new LinkedHashMap<>();
      for (Map.Entry<String, Artifact> one : contents.artifacts().entrySet()) {
        tagged.put(one.getKey(), one.getValue().top());
        for (OciDocument document : one.getValue().documents()) {
          put(fresh, blob(document.descriptor().digest()), document.bytes());
        }
      }
      put(fresh, root.resolve("oci-layout"), bytes(ImageIndex.MARKER));
      put(fresh, root.resolve("index.json"), ImageIndex.of(tagged));
      replaceSignatures(fresh, indexBytes, signatures);
      Syncing.all(fresh);
      Syncing.one(blobs());
      List<Path> last = new ArrayList<>();
      put(last, root.resolve(INDEX), indexBytes);
      Syncing.all(last);
      Syncing.one(root);
    } catch (IOException e) {
      throw disk("writing the mirror " + root, root, e);
    }
  }

  /** A signature of other bytes goes first: nobody shall find it beside the new index. */
  private void replaceSignatures(
      List<Path> fresh, byte[] indexBytes, Map<String, byte[]> signatures) throws IOException {
    boolean changes = indexBytes().filter(old -> Arrays.equals(old, indexBytes)).isEmpty();
    for (String ending : List.of(TrustedKeys.MINISIGN, TrustedKeys.ECDSA)) {
      Path file = root.resolve(INDEX + ending);
      if (signatures.containsKey(ending)) {
        put(fresh, file, signatures.get(ending));
      } else if (changes) {
        Files.deleteIfExists(file);
      }
    }
  }

  /** Writes a file beside its place and renames it, unless it is there. */
  private void put(List<Path> fresh, Path file, byte[] bytes) throws IOException {
    if (isThere(file, bytes)) {
      return;
    }
    Path work = Files.createDirectories(root.resolve(".modelbake"));
    Path beside = Files.createTempFile(work, "document", ".tmp");
    try {
      Files.write(beside, bytes);
      beside.toFile().setReadable(true, false);
      Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(beside);
    }
    fresh.add(file);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /**
   * Refuses a target that cannot hold one of these.
   *
   * @throws MirrorException if its file system has a smaller bound on files
   */
  void checkFits(Map<Descriptor, String> blobs) {
    checkFits(blobs, type());
  }

  /** The same for a type of file system, as the system calls it. */
  void checkFits(Map<Descriptor, String> blobs, String type) {
    final long mostOnFat = (4L << 30) - 1;
    List<String> large =
        blobs.entrySet().stream()
            .filter(blob -> blob.getKey().size().orElse(0) > mostOnFat)
            .map(blob -> "%s (%d bytes)".formatted(blob.getValue(), blob.getKey().size().orElse(0)))
            .toList();
    if (large.isEmpty() || !FAT.contains(type)) {
      return;
    }
    throw new MirrorException(
        FailureKind.CANNOT_CREATE,
        new Explanation(
            "writing the mirror " + root,
            "its file system is FAT32, where a file has at most 4 GiB - 1: "
                + String.join(", ", large),
            "format that disk as exFAT, or use another"),
        large,
        null);
  }

  private String type() {
    Path existing = root.toAbsolutePath();
    while (existing.getParent() != null && !Files.exists(existing)) {
      existing = existing.getParent();
    }
    try {
      return Files.getFileStore(existing).type();
    } catch (IOException e) {
      return "";
    }
  }

  MirrorException refused(List<String> files, String what) {
    return new MirrorException(
        FailureKind.REFUSED,
        new Explanation(
            "reading the mirror " + root,
            what,
            "do not use it before you know where that comes from; nothing was taken from it"),
        files,
        null);
  }

  private static DiskException disk(String doing, Path path, IOException e) {
    return new DiskException(
        doing,
        path.toString(),
        Reason.of(e),
        "look at that disk: is it there, writable, and not full?",
        e);
  }
}
