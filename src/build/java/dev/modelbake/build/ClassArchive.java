package dev.modelbake.build;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The class-data archive: classes as the JVM holds them in memory, mapped at the start instead of
 * being read, verified and linked.
 *
 * <p>A static archive of the classes that {@link Training} found. Measured beside it, an
 * ahead-of-time cache of JDK 25 starts {@code --version} no faster and a bake by a sixth; but it
 * learns from one process only, differs from build to build, and older runtimes have none.
 *
 * <p>The same list, jar and runtime give the same bytes on 25, in any directory: the list is sorted
 * and part of the source, since two training runs never load quite the same classes; the heap's
 * bounds are those of the launcher rather than of the machine; the class path, which is written
 * into the archive, is one that every builder has; and the runtime that makes it stands at a path
 * of one length, which decides what lies where in memory.
 */
final class ClassArchive {
  /** Before it, an archive held only for the very path that it was made with. */
  private static final int FIRST_THAT_MAY_MOVE = 25;

  /** In characters; more than a builder's directory has. */
  private static final int LENGTH = 240;

  private final Path home;
  private final Path classes;
  private final int release;

  ClassArchive(Path home, Path classes, int release) {
    this.home = home;
    this.classes = classes;
    this.release = release;
  }

  void write() throws IOException, InterruptedException {
    Path library = home.resolve("lib");
    Path runtime = home.resolve("runtime");
    Path standing = ofOneLength(runtime);
    Path seenBy =
        release >= FIRST_THAT_MAY_MOVE ? Path.of("/proc/self/cwd") : library.toAbsolutePath();
    ProcessBuilder dump =
        new ProcessBuilder(
            standing.resolve("bin/java").toString(),
            "-Xmx1g",
            "-Xmn32m",
            "-XX:+UseSerialGC",
            "-XX:-UsePerfData",
            "-Xshare:dump",
            "-XX:SharedClassListFile=" + classes,
            "-XX:SharedArchiveFile=" + library.resolve("modelbake.jsa"),
            "-cp",
            seenBy.resolve("modelbake.jar").toString());
    dump.directory(library.toFile());
    // Options, locale and the like of the builder must not show.
    dump.environment().clear();
    dump.environment().put("LC_ALL", "C.UTF-8");
    Files.move(runtime, standing);
    try {
      Run.quietly(dump);
    } finally {
      Files.move(standing, runtime);
    }
  }

  /** A place of that length; the runtime's own when its directory has a longer one. */
  private static Path ofOneLength(Path runtime) {
    String target = runtime.resolve("../..").toAbsolutePath().normalize().toString();
    int missing = LENGTH - target.length() - 1;
    return missing > 0 ? Path.of(target, "-".repeat(missing)) : runtime;
  }
}
