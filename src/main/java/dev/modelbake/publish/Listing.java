package dev.modelbake.publish;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What stands below a directory, by relative path with {@code /}; staging directories are left out.
 *
 * @param files regular files
 * @param links symbolic links
 * @param others devices, FIFOs, sockets
 */
public record Listing(
    SortedMap<String, Path> files, SortedMap<String, Path> links, SortedMap<String, Path> others) {

  /** Lists a directory; links in it are not followed. */
  public static Listing of(Path directory) throws IOException {
    Listing listing = new Listing(new TreeMap<>(), new TreeMap<>(), new TreeMap<>());
    listing.add(directory, directory);
    return listing;
  }

  /** Lists a directory without those in it. */
  public static Listing shallow(Path directory) throws IOException {
    Listing listing = new Listing(new TreeMap<>(), new TreeMap<>(), new TreeMap<>());
    for (Path child : Trees.children(directory)) {
      listing.add(directory, child, Depth.SHALLOW);
    }
    return listing;
  }

  private enum Depth {
    SHALLOW,
    DEEP
  }

  private void add(Path top, Path directory) throws IOException {
    for (Path child : Trees.children(directory)) {
      add(top, child, Depth.DEEP);
    }
  }

  private void add(Path top, Path child, Depth depth) throws IOException {
    Optional<Stat> stat = Stat.of(child);
    if (stat.isEmpty()) {
      return;
    }
    String name = top.relativize(child).toString();
    switch (stat.get().type()) {
      case DIRECTORY -> {
        if (depth == Depth.DEEP && !isStaging(child)) {
          add(top, child);
        }
      }
      case FILE -> files.put(name, child);
      case LINK -> links.put(name, child);
      case OTHER -> others.put(name, child);
    }
  }

  private static boolean isStaging(Path directory) {
    String name = directory.getFileName().toString();
    return name.equals(StagingDirectory.NAME) || name.startsWith(StagingDirectory.NAME + "-");
  }
}
