package dev.modelbake.dist;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.modelbake.testing.FaultCase;
import dev.modelbake.testing.Program;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code package} made, started as users start it. */
@FaultCase(100)
class DistributionIT {
  private static final long MOST_BYTES = 80_000_000;
  private static final String VERSION =
      "modelbake " + System.getProperty("modelbake.version") + "\n";
  private static final Path TRAINING = Path.of("src/build/training").toAbsolutePath();
  private static final Path MADE = Path.of("target/modelbake").toAbsolutePath();

  @TempDir Path temp;

  @Test
  void classesComeFromTheArchiveWhereItWasMade() {
    assertClassesFromArchive(MADE);
  }

  @Test
  void classesComeFromTheArchiveInAnUnpackedTarball() throws IOException {
    Program.of("tar", "xzf", tarball(), "-C", temp).run().ok();

    assertStarts(temp.resolve("modelbake/bin/modelbake"));
    if (runtimeRelease() >= 25) {
      assertClassesFromArchive(temp.resolve("modelbake"));
    }
  }

  @Test
  void classesComeFromTheArchiveAfterACopyThatKeepsTimesAndARename() throws IOException {
    Path copy = temp.resolve("a copy");
    Program.of("cp", "-a", MADE, copy).run().ok();
    Path moved = Files.createDirectory(temp.resolve("mit Leerzeichen und ü")).resolve("moved");
    Files.move(copy, moved);

    assertStarts(moved.resolve("bin/modelbake"));
    // The archive of an older runtime holds only where it was made: there, moving costs time.
    if (runtimeRelease() >= 25) {
      assertClassesFromArchive(moved);
    }
  }

  @Test
  void startsAfterACopyThatLosesTimes() {
    Path copy = temp.resolve("copy");
    Program.of("cp", "-r", MADE, copy).run().ok();

    assertStarts(copy.resolve("bin/modelbake"));
  }

  @Test
  void startsThroughRelativeAndAbsoluteLinks() throws IOException {
    Path launcher = MADE.resolve("bin/modelbake");
    Path absolute = Files.createSymbolicLink(temp.resolve("absolute"), launcher);
    Path relative = Files.createSymbolicLink(temp.resolve("relative"), Path.of("absolute"));
    Path directory = Files.createSymbolicLink(temp.resolve("directory"), MADE);

    assertStarts(absolute);
    assertStarts(relative);
    assertStarts(directory.resolve("bin/modelbake"));
    Program.of("sh", "-c", "PATH=$PWD:$PATH relative --version").in(temp).run().ok();
    Program.of("sh", "modelbake", "--version").in(MADE.resolve("bin")).run().ok();
    for (Path link : List.of(absolute, relative, directory)) {
      Files.delete(link);
    }
  }

  @Test
  void startsReadOnlyAndLeavesNothingUnderTmpOrHome() {
    String script =
        """
        set -e
        mount -t tmpfs none /mnt
        mkdir /mnt/tool /mnt/training
        mount --bind "$1" /mnt/tool
        mount --bind "$2" /mnt/training
        mount -o remount,bind,ro /mnt/tool
        ! touch /mnt/tool/bin/x 2>/dev/null
        mount -t tmpfs none /tmp
        mkdir /tmp/home
        export HOME=/tmp/home
        cd /
        /mnt/tool/bin/modelbake --version
        /mnt/tool/bin/modelbake demo
        /mnt/tool/bin/modelbake bake --only training/zst --env TARGET=/tmp/home/out \
            --rewrite http://training.invalid/=file:/mnt/training/files/ /mnt/training/models.yaml
        rm -r /tmp/home/out
        find /tmp -mindepth 1
        """;
    Program.Ended ended =
        Program.of(
                "unshare", "--map-root-user", "--mount", "sh", "-c", script, "sh", MADE, TRAINING)
            .run()
            .ok();

    List<String> left = ended.out().lines().filter(line -> line.startsWith("/tmp/")).toList();
    assertEquals(List.of("/tmp/home"), left);
  }

  @ParameterizedTest
  @ValueSource(strings = {"C", "POSIX", "de_XX.UTF-8", "en_US.ISO-8859-1", "C.UTF-8"})
  void namesOfFilesAreUtf8InAnyLocale(String locale) {
    Program launcher =
        Program.of(MADE.resolve("bin/modelbake"), "--version")
            .with("LC_ALL", "")
            .with("LC_CTYPE", "")
            .with("LANG", locale)
            .with("MODELBAKE_JAVA_OPTS", "-XshowSettings:properties");

    assertTrue(launcher.run().ok().all().contains("sun.jnu.encoding = UTF-8"), locale);
  }

  @Test
  void optionsMeantForOtherJavaProgramsAreNotPickedUp() {
    Program.Ended ended =
        Program.of(MADE.resolve("bin/modelbake"), "--version")
            .with("JAVA_TOOL_OPTIONS", "-javaagent:/absent.jar")
            .with("JDK_JAVA_OPTIONS", "-Dfoo=bar")
            .run()
            .ok();

    assertEquals("", ended.err());
  }

  @Test
  void isSmall() throws IOException {
    long bytes = 0;
    for (Path file : files(MADE)) {
      bytes += Files.size(file);
    }
    System.out.printf("target/modelbake: %.1f MB%n", bytes / 1e6);

    assertTrue(bytes < MOST_BYTES, bytes + " bytes");
  }

  @Test
  void saysWhichCLibraryItNeeds() throws IOException {
    List<String> versions = new ArrayList<>();
    for (Path file : files(MADE)) {
      versions.addAll(Elf.versionsNeeded(file));
    }
    String highest =
        versions.stream()
            .filter(version -> version.matches("GLIBC_[\\d.]+"))
            .max(Comparator.comparing(DistributionIT::sortable))
            .orElseThrow();
    System.out.println("highest GLIBC symbol needed: " + highest);

    // A vendor's build runs wherever models are baked; a Linux distribution's own on its like.
    if (runtimeRelease() >= 25) {
      assertTrue(sortable(highest).compareTo(sortable("GLIBC_2.28")) <= 0, highest);
    }
  }

  @Test
  void theTarballIsTheSameForEveryBuilder() throws IOException {
    List<String> lines =
        Program.of("tar", "tvzf", tarball(), "--full-time", "--numeric-owner")
            .with("TZ", "UTC")
            .run()
            .ok()
            .out()
            .lines()
            .toList();

    List<Path> names =
        lines.stream()
            .map(
                line ->
                    line.replaceFirst(".* \\d\\d:\\d\\d:\\d\\d ", "").replaceFirst(" -> .*", ""))
            .map(Path::of)
            .toList();
    assertEquals(names.stream().sorted().toList(), names);
    assertEquals(Set.of("0/0"), column(lines, "\\S+ (\\S+) .*"));
    assertEquals(1, column(lines, ".* (\\S+ \\d\\d:\\d\\d:\\d\\d) .*").size());
  }

  @Test
  void theSumsNameEveryFileOfTheReleaseAndHold() throws IOException {
    Path target = MADE.getParent();
    Program.of("sha256sum", "-c", "--strict", "SHA256SUMS").in(target).run().ok();

    List<String> named =
        Files.readAllLines(target.resolve("SHA256SUMS")).stream()
            .map(line -> line.substring(66))
            .toList();
    String ofThisVersion =
        "modelbake-" + Pattern.quote(System.getProperty("modelbake.version")) + "[-.].*";
    try (Stream<Path> files = Files.list(target)) {
      assertEquals(
          files
              .filter(Files::isRegularFile)
              .map(file -> file.getFileName().toString())
              .filter(name -> name.matches(ofThisVersion))
              .sorted()
              .toList(),
          named);
    }
    assertTrue(named.size() >= 3, named.toString());
  }

  @Test
  void nearlyAllClassesOfABakeAreInTheArchive() {
    List<String> ours = loaded(MADE, bakeOfTraining(temp.resolve("out")));
    List<String> missing = ours.stream().filter(line -> !fromArchive(line)).toList();

    assertTrue(
        missing.size() * 20 <= ours.size(),
        "train the archive again, as docs/release.md says; it lacks " + missing);
  }

  @Test
  void aServerIsToldTheVersion() throws Exception {
    Path manifest = temp.resolve("models.yaml");
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Files.writeString(manifest, oneFileFrom(server));
      Process process =
          Program.of(MADE.resolve("bin/modelbake"), "bake", "--quiet", manifest).builder().start();
      server.setSoTimeout(60_000);
      try (Socket request = server.accept()) {
        BufferedReader lines =
            new BufferedReader(
                new InputStreamReader(request.getInputStream(), StandardCharsets.US_ASCII));
        List<String> headers = new ArrayList<>();
        for (String line = lines.readLine(); line != null && !line.isEmpty(); ) {
          headers.add(line);
          line = lines.readLine();
        }

        assertTrue(
            headers.contains("User-Agent: " + VERSION.replace(' ', '/').strip()),
            headers.toString());
      } finally {
        process.destroy();
        process.waitFor();
      }
    }
  }

  @Test
  void theAllJarRunsOnTheJavaOfTheTestsAndOnItsOwn() throws IOException {
    for (Path java :
        List.of(
            Path.of(System.getProperty("java.home"), "bin/java"),
            MADE.resolve("runtime/bin/java"))) {
      Program jar = Program.of(java, "-jar", allJar());

      assertEquals(VERSION, jar.and("--version").run().ok().out());
      Path target = temp.resolve(java.toString().replace('/', '_'));
      Program.Ended baked = jar.and(bakeOfTraining(target)).run().ok();
      assertFalse(baked.err().contains("WARNING"), baked.err());
    }
  }

  @Test
  void theLauncherBecomesTheJavaMachineSoThatSignalsArrive() throws Exception {
    Path manifest = temp.resolve("models.yaml");
    try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Files.writeString(manifest, oneFileFrom(silent));
      Process process =
          Program.of(MADE.resolve("bin/modelbake"), "bake", "--quiet", manifest).builder().start();
      silent.setSoTimeout(60_000);
      silent.accept(); // now it waits for an answer
      Path exe = Path.of("/proc", Long.toString(process.pid()), "exe").toRealPath();
      process.destroy();

      assertEquals(MADE.toRealPath().resolve("runtime/bin/java"), exe);
      assertEquals(143, process.waitFor());
    }
  }

  @Test
  void theAllJarHasNoSignaturesAndItsServicesExist() throws IOException {
    try (JarFile jar = new JarFile(allJar().toFile())) {
      assertEquals("true", jar.getManifest().getMainAttributes().getValue("Multi-Release"));
      for (JarEntry entry : jar.stream().toList()) {
        String name = entry.getName();
        assertFalse(name.matches("META-INF/[^/]+\\.(SF|RSA|DSA|EC)"), name);
        assertFalse(name.endsWith("module-info.class"), name);
        if (name.startsWith("META-INF/services/")) {
          String providers =
              new String(jar.getInputStream(entry).readAllBytes(), StandardCharsets.UTF_8);
          for (String provider : providers.lines().toList()) {
            assertTrue(
                jar.getEntry(provider.replace('.', '/') + ".class") != null,
                name + " names " + provider);
          }
        }
      }
    }
  }

  private String oneFileFrom(ServerSocket server) {
    return """
        schema: modelbake/1
        owner: self
        models:
          - name: a/silent-server
            dir: %s/models
            files: [{url: "http://127.0.0.1:%d/x", sha256: %s, size: 1}]
        """
        .formatted(temp, server.getLocalPort(), "1a".repeat(32));
  }

  /** Each way to unpack, once, from files beside. */
  private static Object[] bakeOfTraining(Path target) {
    return new Object[] {
      "bake",
      "--env",
      "TARGET=" + target,
      "--rewrite",
      "http://training.invalid/=file:" + TRAINING.resolve("files") + "/",
      TRAINING.resolve("models.yaml")
    };
  }

  private static Set<String> column(List<String> lines, String pattern) {
    return lines.stream().map(line -> line.replaceFirst(pattern, "$1")).collect(Collectors.toSet());
  }

  private static void assertStarts(Path launcher) {
    Program.Ended ended = Program.of(launcher, "--version").run().ok();
    assertEquals(VERSION, ended.out());
    assertEquals("", ended.err());
  }

  private static void assertClassesFromArchive(Path home) {
    List<String> loaded = loaded(home, "--version");
    assertFalse(loaded.isEmpty());
    assertEquals(List.of(), loaded.stream().filter(line -> !fromArchive(line)).toList());
  }

  /** The lines that tell where our classes were loaded from. */
  private static List<String> loaded(Path home, Object... arguments) {
    return Program.of(home.resolve("bin/modelbake"))
        .and(arguments)
        .with("MODELBAKE_JAVA_OPTS", "-Xlog:class+load:stdout")
        .run()
        .ok()
        .out()
        .lines()
        .filter(line -> line.contains(" dev.modelbake.") && line.contains(" source: "))
        .toList();
  }

  private static boolean fromArchive(String line) {
    return line.contains("shared objects file");
  }

  private static int runtimeRelease() throws IOException {
    Properties properties = new Properties();
    try (Reader reader = Files.newBufferedReader(MADE.resolve("runtime/release"))) {
      properties.load(reader);
    }
    return Integer.parseInt(
        properties.getProperty("JAVA_VERSION").replace("\"", "").split("[.+-]", 2)[0]);
  }

  private static Path tarball() throws IOException {
    return only("modelbake-*-linux-*.tar.gz");
  }

  private static Path allJar() throws IOException {
    return only("modelbake-*-all.jar");
  }

  private static Path only(String glob) throws IOException {
    try (var found = Files.newDirectoryStream(MADE.getParent(), glob)) {
      List<Path> paths = new ArrayList<>();
      found.forEach(paths::add);
      assertEquals(1, paths.size(), glob + " in target: " + paths);
      return paths.get(0);
    }
  }

  private static List<Path> files(Path directory) throws IOException {
    try (Stream<Path> paths = Files.walk(directory)) {
      return paths
          .filter(path -> Files.isRegularFile(path) && !Files.isSymbolicLink(path))
          .toList();
    }
  }

  private static String sortable(String version) {
    StringBuilder sortable = new StringBuilder();
    for (String part : version.replace("GLIBC_", "").split("\\.", -1)) {
      sortable.append(String.format("%06d", Integer.valueOf(part)));
    }
    return sortable.toString();
  }
}
