package dev.modelbake.build;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The JDK of which the distribution's runtime is made: the newest release with long-term support,
 * and of two such, the one which was built to run anywhere rather than for one distribution of
 * Linux.
 */
record JavaRuntime(Path home, int release, String vendor, String architecture) {
  /** Names a JDK and ends the search; as a system property or in the environment. */
  private static final String CHOICE = "MODELBAKE_RUNTIME_JDK";

  private static final int OLDEST = 17;

  /** Builds for one distribution need its C library: Debian 12's 17 needs glibc 2.34. */
  private static final Set<String> DISTRIBUTIONS =
      Set.of("Debian", "Ubuntu", "Red Hat, Inc.", "Arch Linux", "Gentoo", "N/A");

  private static final Map<String, String> ARCHITECTURES =
      Map.of("x86_64", "amd64", "aarch64", "arm64");

  /**
   * Modules, each for a reason: the logger of the HTTP client; elliptic curves for TLS, a module of
   * their own until 21; {@code Unsafe} for the HTTP client's and the compressors' libraries; socket
   * options; the class path's own jar as a file system; the origin of the demo.
   */
  private static final String MODULES =
      "java.base,java.logging,jdk.crypto.ec,jdk.unsupported,jdk.net,jdk.zipfs,jdk.httpserver";

  static JavaRuntime find() throws IOException {
    Path running = Path.of(System.getProperty("java.home"));
    String choice = System.getProperty(CHOICE, System.getenv().getOrDefault(CHOICE, ""));
    if (!choice.isEmpty()) {
      return read(Path.of(choice))
          .orElseThrow(() -> new IllegalStateException(CHOICE + " is no JDK: " + choice));
    }
    List<Path> homes = new ArrayList<>(List.of(running));
    for (String directory :
        List.of(
            "/usr/lib/jvm",
            "/opt/java",
            "/opt",
            System.getProperty("user.home") + "/.sdkman/candidates/java")) {
      homes.addAll(children(Path.of(directory)));
    }
    List<JavaRuntime> found = new ArrayList<>();
    for (Path home : homes) {
      read(home).filter(JavaRuntime::supportedLong).ifPresent(found::add);
    }
    // Also when it has no long-term support: better this one than none.
    return found.stream()
        .min(
            Comparator.comparingInt(JavaRuntime::release)
                .reversed()
                .thenComparing(JavaRuntime::forOneDistribution)
                .thenComparing(JavaRuntime::home))
        .or(() -> readUnchecked(running))
        .orElseThrow(() -> new IllegalStateException("Maven runs on no JDK: " + running));
  }

  /** Makes the trimmed runtime. */
  void link(Path output) throws IOException, InterruptedException {
    Run.quietly(
        List.of(
            home.resolve("bin/jlink").toString(),
            "--add-modules=" + MODULES,
            "--strip-debug",
            "--no-header-files",
            "--no-man-pages",
            "--compress=" + (release >= 21 ? "zip-9" : "2"),
            "--output=" + output));
    // simdsort: faster sorting of large arrays of numbers, of which there are none here; the
    // machine
    // goes without it where it is not there. classlist: what a class-data archive is made of by
    // default; ours has a list of its own. jsig: for programs that bring signal handlers in C.
    for (String unneeded :
        List.of(
            "bin/jwebserver",
            "bin/keytool",
            "bin/rmiregistry",
            "lib/classlist",
            "lib/jexec",
            "lib/jrt-fs.jar",
            "lib/libjsig.so",
            "lib/libsimdsort.so",
            "lib/server/libjsig.so")) {
      Files.deleteIfExists(output.resolve(unneeded));
    }
  }

  private static Optional<JavaRuntime> read(Path directory) throws IOException {
    Path home = directory.toRealPath();
    Path file = home.resolve("release");
    boolean links = Files.isExecutable(home.resolve("bin/jlink"));
    if (!Files.isRegularFile(file) || !links) {
      return Optional.empty();
    }
    Properties properties = new Properties();
    try (Reader reader = Files.newBufferedReader(file)) {
      properties.load(reader);
    }
    int release = Integer.parseInt(value(properties, "JAVA_VERSION").split("[.+-]", 2)[0]);
    String machine = value(properties, "OS_ARCH");
    boolean fits =
        release >= OLDEST
            && !value(properties, "LIBC").equals("musl")
            && normal(machine).equals(normal(NativeCode.architecture()));
    return fits
        ? Optional.of(
            new JavaRuntime(home, release, value(properties, "IMPLEMENTOR"), normal(machine)))
        : Optional.empty();
  }

  private static Optional<JavaRuntime> readUnchecked(Path directory) {
    try {
      return read(directory);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static String value(Properties properties, String key) {
    return properties.getProperty(key, "N/A").replace("\"", "");
  }

  private static String normal(String machine) {
    return ARCHITECTURES.getOrDefault(machine, machine);
  }

  private static List<Path> children(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    try (Stream<Path> children = Files.list(directory)) {
      return children.filter(Files::isDirectory).sorted().toList();
    }
  }

  /** 17, 21, 25 and so on: every fourth release. */
  private boolean supportedLong() {
    return (release - OLDEST) % 4 == 0;
  }

  private boolean forOneDistribution() {
    return DISTRIBUTIONS.contains(vendor);
  }
}
