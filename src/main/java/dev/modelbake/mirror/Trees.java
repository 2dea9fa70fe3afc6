package dev.modelbake.mirror;

import dev.modelbake.digest.Hasher;
import dev.modelbake.model.Candidate;
import dev.modelbake.model.Candidate.Form;
import dev.modelbake.model.Candidate.Role;
import dev.modelbake.model.Descriptor;
import dev.modelbake.model.Digest;
import dev.modelbake.model.DiskException;
import dev.modelbake.model.MissingException;
import dev.modelbake.model.Origin;
import dev.modelbake.model.PlannedFile;
import dev.modelbake.model.Reason;
import dev.modelbake.model.SourceUrl;
import dev.modelbake.model.Unpacking;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Directories whose files are looked through for wanted bytes, whatever their names: a store, a
 * baked image, a cache. Only files of a wanted size are hashed.
 */
final class Trees {
  private final Map<Digest, Path> found = new HashMap<>();

  /**
   * Looks through directories.
   *
   * @param wanted descriptors; those without a size are found by the name of a blob alone
   * @throws DiskException if one cannot be read
   */
  static Trees search(List<Path> directories, List<Descriptor> wanted) {
    Trees trees = new Trees();
    Set<Long> sizes = new HashSet<>();
    Set<String> names = new HashSet<>();
    Set<Digest> digests = new HashSet<>();
    for (Descriptor one : wanted) {
      one.size().ifPresent(sizes::add);
      names.add(one.digest().hex());
      digests.add(one.digest());
    }
    for (Path directory : directories) {
      if (!Files.isDirectory(directory)) {
        throw new MissingException(
            "looking through " + directory, "there is no such directory", "check --from", null);
      }
      try {
        for (Path file : candidates(directory, sizes, names)) {
          Digest digest = Hasher.sha256(file);
          if (digests.contains(digest)) {
            trees.found.putIfAbsent(digest, file);
          }
        }
      } catch (IOException e) {
        throw new DiskException(
            "looking through " + directory,
            directory.toString(),
            Reason.of(e),
            "name a directory that can be read",
            e);
      }
    }
    return trees;
  }

  /** Links are not followed: what they lead to is met by itself. */
  private static List<Path> candidates(Path directory, Set<Long> sizes, Set<String> names)
      throws IOException {
    List<Path> files = new ArrayList<>();
    Files.walkFileTree(
        directory,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            boolean named = names.contains(String.valueOf(file.getFileName()));
            if (attributes.isRegularFile() && (named || sizes.contains(attributes.size()))) {
              files.add(file);
            }
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
            if (file.equals(directory)) {
              throw e;
            }
            return FileVisitResult.CONTINUE; // such as /proc below a root
          }
        });
    return files;
  }

  /** The same file, to be taken from here first, when its bytes were found. */
  PlannedFile first(PlannedFile file) {
    List<Candidate> candidates = new ArrayList<>();
    file.pin().flatMap(pin -> candidate(pin, Form.DOWNLOAD)).ifPresent(candidates::add);
    if (file.unpacking() instanceof Unpacking.Stream stream) {
      stream.output().flatMap(pin -> candidate(pin, Form.UNPACKED)).ifPresent(candidates::add);
    }
    candidates.addAll(file.candidates());
    return file.with(new Origin.Download(candidates));
  }

  private Optional<Candidate> candidate(Descriptor pin, Form form) {
    return Optional.ofNullable(found.get(pin.digest()))
        .map(path -> new Candidate(new SourceUrl(path.toUri()), Role.STORE, form));
  }
}
