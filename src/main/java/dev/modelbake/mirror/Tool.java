package dev.modelbake.mirror;

import dev.modelbake.digest.Hasher;
import dev.modelbake.mirror.MirrorIndex.MirrorFile;
import dev.modelbake.model.Descriptor;
import dev.modelbake.model.DiskException;
import dev.modelbake.model.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The program itself on the medium, in {@code tool/}. */
final class Tool {
  private static final String DIRECTORY = "tool";

  private Tool() {}

  /**
   * Copies the program; files with the right bytes stay.
   *
   * @param home the directory of the distribution, or one jar
   * @return the files, as the index lists them
   */
  static List<MirrorFile> copy(Path home, Path mirror) {
    Path target = mirror.resolve(DIRECTORY).resolve(home.getFileName().toString());
    List<MirrorFile> files = new ArrayList<>();
    try (Stream<Path> below = Files.walk(home)) {
      for (Path source : below.sorted().toList()) {
        Path place = target.resolve(home.relativize(source).toString());
        if (Files.isDirectory(source)) {
          Files.createDirectories(place);
        } else if (Files.isRegularFile(source)) {
          files.add(copyFile(source, place, mirror));
        }
      }
    } catch (IOException e) {
      throw new DiskException(
          "copying the program to " + target,
          target.toString(),
          Reason.of(e),
          "look at that disk, or leave out --with-tool",
          e);
    }
    return files;
  }

  /** Times are kept: the class archive fits only jars with the times that it knows. */
  private static MirrorFile copyFile(Path source, Path place, Path mirror) throws IOException {
    Descriptor content = Descriptor.of(Hasher.sha256(source), Files.size(source));
    if (!isRight(place, content)) {
      Files.createDirectories(place.toAbsolutePath().getParent());
      Files.copy(
          source, place, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.COPY_ATTRIBUTES);
    }
    String path = mirror.relativize(place).toString().replace('\\', '/');
    return new MirrorFile(path, content, Optional.empty());
  }

  static boolean isRight(Path place, Descriptor content) throws IOException {
    return Files.isRegularFile(place, LinkOption.NOFOLLOW_LINKS)
        && Files.size(place) == content.size().orElseThrow()
        && Hasher.sha256(place).equals(content.digest());
  }
}
