package dev.modelbake.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Everything that a tar archive would say of a tree, as sorted lines. */
public final class DiskPicture {
  private DiskPicture() {}

  /** One line for each path below a directory: mode, owner, times, links, content. */
  public static String of(Path top) throws IOException {
    try (Stream<Path> paths = Files.walk(top)) {
      return paths.sorted().map(path -> line(top, path)).collect(Collectors.joining("\n"));
    }
  }

  /** The paths below a directory, one a line. */
  public static String names(Path top) throws IOException {
    try (Stream<Path> paths = Files.walk(top)) {
      return paths
          .filter(path -> !path.equals(top))
          .map(path -> top.relativize(path).toString())
          .sorted()
          .collect(Collectors.joining("\n"));
    }
  }

  private static String line(Path top, Path path) {
    try {
      Map<String, Object> all =
          Files.readAttributes(
              path, "unix:mode,uid,gid,nlink,lastModifiedTime", LinkOption.NOFOLLOW_LINKS);
      boolean directory = Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS);
      String content =
          Files.isSymbolicLink(path)
              ? "-> " + Files.readSymbolicLink(path)
              : directory ? "" : new String(Files.readAllBytes(path), StandardCharsets.ISO_8859_1);
      return "%s %o %s:%s %s %s %s"
          .formatted(
              top.relativize(path),
              (Integer) all.get("mode"),
              all.get("uid"),
              all.get("gid"),
              directory ? "-" : all.get("nlink"),
              all.get("lastModifiedTime"),
              content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
