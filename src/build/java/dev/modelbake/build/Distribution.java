package dev.modelbake.build;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Lays out {@code target/modelbake}, packs it, and writes the sums of all that is released. */
public final class Distribution {
  private static final String NATIVE_ZSTD = "libzstd-jni.so";

  private final Path base;
  private final Path target;
  private final String version;
  private final Instant time;

  private Distribution(Path base, String version, Instant time) {
    this.base = base;
    this.target = base.resolve("target");
    this.version = version;
    this.time = time;
  }

  /** Arguments: project directory, version, time of all files, and the jars, ours first. */
  public static void main(String[] args) throws IOException, InterruptedException {
    List<Path> jars =
        Stream.of(args[3].split(System.getProperty("path.separator"), -1))
            .map(Path::of)
            .filter(Files::isRegularFile)
            .toList();
    new Distribution(Path.of(args[0]), args[1], Instant.parse(args[2])).build(jars);
  }

  private void build(List<Path> dependencies) throws IOException, InterruptedException {
    Path ours = target.resolve("modelbake-" + version + ".jar");
    Path all = target.resolve("modelbake-" + version + "-all.jar");
    List<Path> jars = Stream.concat(Stream.of(ours), dependencies.stream()).toList();
    new AllJar(jars, time).relocated().write(all);
    Files.writeString(
        target.resolve("modelbake-" + version + "-all.pom"),
        Files.readString(base.resolve("src/build/modelbake-all.pom"))
            .replace("@version@", version));

    Path home = target.resolve("modelbake");
    delete(home);
    Path library = Files.createDirectories(home.resolve("lib"));
    new AllJar(jars, time).withoutNativeCode().write(library.resolve("modelbake.jar"));
    NativeCode.copy(jars, NATIVE_ZSTD, library);
    copy("LICENSE", home);
    Path bin = Files.createDirectories(home.resolve("bin"));
    copy("src/build/launcher/modelbake", bin);
    Files.setPosixFilePermissions(
        bin.resolve("modelbake"), PosixFilePermissions.fromString("rwxr-xr-x"));

    JavaRuntime runtime = JavaRuntime.find();
    System.out.println("runtime: " + runtime);
    runtime.link(home.resolve("runtime"));
    for (Path file : walk(home)) {
      if (NativeCode.is(file.toString())) {
        StrippedElf.strip(file);
      }
    }
    // The archive notes the jar's time and is refused when that differs: fix all times first.
    fixTimes(home);
    Path classes = Training.list(base.resolve("src/build/training"));
    new ClassArchive(home, classes, runtime.release()).write();
    fixTimes(home);

    Path packed =
        target.resolve("modelbake-" + version + "-linux-" + runtime.architecture() + ".tar.gz");
    new TarGz(time).pack(home, packed);
    ReleaseSums.write(target, version);
    report(home, packed, all);
  }

  private void copy(String file, Path directory) throws IOException {
    Path from = base.resolve(file);
    Files.copy(from, directory.resolve(from.getFileName()), StandardCopyOption.REPLACE_EXISTING);
  }

  private void fixTimes(Path home) throws IOException {
    for (Path path : walk(home)) {
      if (!Files.isSymbolicLink(path)) {
        Files.setLastModifiedTime(path, FileTime.from(time));
      }
    }
  }

  private static void delete(Path directory) throws IOException {
    if (Files.exists(directory)) {
      for (Path path : walk(directory)) {
        Files.delete(path);
      }
    }
  }

  /** Everything below and the directory itself, children before their parents. */
  private static List<Path> walk(Path directory) throws IOException {
    try (Stream<Path> paths = Files.walk(directory)) {
      return paths.sorted(Comparator.reverseOrder()).toList();
    }
  }

  private static void report(Path home, Path... files) throws IOException {
    long bytes = 0;
    for (Path path : walk(home)) {
      bytes += Files.isRegularFile(path) && !Files.isSymbolicLink(path) ? Files.size(path) : 0;
    }
    System.out.printf("%s: %.1f MB%n", home.getFileName(), bytes / 1e6);
    for (Path file : Arrays.asList(files)) {
      System.out.printf("%s: %.1f MB%n", file.getFileName(), Files.size(file) / 1e6);
    }
  }
}
