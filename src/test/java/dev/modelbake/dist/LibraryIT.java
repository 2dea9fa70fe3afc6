package dev.modelbake.dist;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.modelbake.model.Digest;
import dev.modelbake.testing.Peers;
import dev.modelbake.testing.Program;
import dev.modelbake.testing.Program.Ended;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The library as other projects use it: the examples of docs/library.md, and what jars hold. */
class LibraryIT {
  private static final String VERSION = System.getProperty("modelbake.version");
  private static final Path TARGET = Path.of("target").toAbsolutePath();
  private static final Path ALL = TARGET.resolve("modelbake-" + VERSION + "-all.jar");
  private static final Path OURS = TARGET.resolve("modelbake-" + VERSION + ".jar");

  /** All entries that are not ours, or libraries' under names of ours, and why they are there. */
  private static final Pattern KNOWN =
      Pattern.compile(
          "dev/modelbake/.*|META-INF/(MANIFEST\\.MF|LICENSE|licenses/.*|services/.*"
              + "|(FastDoubleParser|Schubfach)-.*|versions/\\d+/(dev/modelbake/libraries|com/github/luben/zstd)/.*)"
              + "|manifests/.*|guard/.*"
              + "|com/github/luben/zstd/.*|(linux|darwin)/.*" // native code knows its classes
              + "|org/jspecify/annotations/.*"); // for tools of callers

  @TempDir Path work;
  private byte[] model = new byte[0];

  @BeforeEach
  void write() throws IOException {
    model = "the bytes of a model".repeat(1000).getBytes(StandardCharsets.UTF_8);
    Files.write(work.resolve("model.bin"), model);
    Files.createDirectory(work.resolve("image"));
    Files.writeString(
        work.resolve("models.yaml"),
        """
        schema: modelbake/1
        models:
          - name: org/model
            dir: /opt/models
            files: [{url: "file:model.bin", sha256: %s, size: %d}]
        """
            .formatted(Digest.ofBytes(model).hex(), model.length));
  }

  /** The blocks of the document in a language, in order. */
  private static List<String> blocks(String language) throws IOException {
    Matcher blocks =
        Pattern.compile("(?ms)^```" + language + "\n(.*?)^```$")
            .matcher(Files.readString(Path.of("docs/library.md")));
    return blocks.results().map(found -> found.group(1)).toList();
  }

  private static Path java() {
    return Path.of(System.getProperty("java.home"), "bin/java");
  }

  private Program java(Object... arguments) {
    return Program.of(java()).and(arguments).in(work).with("MODELBAKE_STORE", "");
  }

  private Path example(int number, String name) throws IOException {
    return Files.writeString(work.resolve(name), blocks("java").get(number));
  }

  @Test
  void theExampleInOneFileBakesAndBakesAgain() throws IOException {
    Path file = example(0, "Bake.java");
    String command = blocks("sh").get(0).strip();
    assertEquals("java -cp modelbake-" + VERSION + "-all.jar Bake.java", command);
    Ended first = java("-cp", ALL, file).run().ok();
    assertTrue(first.out().contains("in place: org/model/model.bin"), first.out());
    assertTrue(first.out().endsWith("org/model/model.bin FETCHED\nall proven\n"), first.out());
    assertArrayEquals(model, Files.readAllBytes(work.resolve("image/opt/models/model.bin")));
    Files.delete(work.resolve("model.bin"));
    Ended second = java("-cp", ALL, file).run().ok();
    assertEquals("org/model/model.bin KEPT\nall proven\n", second.out());
    assertEquals("", first.err() + second.err());
  }

  @Test
  void theExampleOfTheToolProviderRunsWithBothJars() throws IOException {
    Path file = example(1, "Run.java");
    Ended all = java("-cp", ALL, file).run().ok();
    assertEquals("ended with 0\n", all.out());
    Ended ours = java("-cp", classPath(), file).run().ok();
    assertEquals("ended with 0\n", ours.out());
    assertTrue(ours.err().contains("1 already right"), ours.err());
  }

  /** Our jar and the libraries that its pom names, as the tests have them. */
  private static String classPath() {
    return OURS
        + Stream.of(System.getProperty("java.class.path").split(":", -1))
            .filter(entry -> entry.endsWith(".jar") && !entry.equals(OURS.toString()))
            .map(entry -> ":" + entry)
            .reduce("", String::concat);
  }

  @Test
  void theMavenBuildBakesAndIsUpToDateTheSecondTime() throws IOException {
    assertBuilds(blocks("xml").get(0));
  }

  @Test
  void theMavenBuildMayTakeTheJarWithItsDependencies() throws IOException {
    assertBuilds(blocks("xml").get(0).replace("modelbake-all", "modelbake"));
  }

  /** Compiles and packages everything once more, which takes its time. */
  @Test
  @Tag("chaos")
  void whatMavenInstallsOtherProjectsBuildWith() throws IOException {
    Peers.require("mvn", "git");
    writeSettings();
    Path project = work.resolve("project");
    Program.of("git", "clone", "-q", ".", project).run().ok();
    maven("-q", "-Dmaven.test.skip=true", "install").in(project).run().ok();
    Path repository = work.resolve("repository/dev/modelbake");
    for (String artifact : List.of("modelbake", "modelbake-all")) {
      assertTrue(Files.exists(repository.resolve(artifact).resolve(VERSION)), artifact);
      assertCompilesWith(artifact);
    }
    assertBuildsTwice(blocks("xml").get(0));
    Path sources = repository.resolve("modelbake").resolve(VERSION);
    assertTrue(Files.exists(sources.resolve("modelbake-" + VERSION + "-sources.jar")));
    assertTrue(Files.exists(sources.resolve("modelbake-" + VERSION + "-javadoc.jar")));
  }

  private void assertCompilesWith(String artifact) throws IOException {
    Path other = Files.createDirectories(work.resolve("with-" + artifact));
    Path sources = Files.createDirectories(other.resolve("src/main/java"));
    Files.writeString(sources.resolve("Bake.java"), blocks("java").get(0));
    Files.writeString(
        other.resolve("pom.xml"),
        """
        <project xmlns="http://maven.apache.org/POM/4.0.0">
          <modelVersion>4.0.0</modelVersion>
          <groupId>com.example</groupId>
          <artifactId>other</artifactId>
          <version>1</version>
          <properties>
            <maven.compiler.release>17</maven.compiler.release>
            <project.build.sourceEncoding>UTF-8</project.build.sourceEncoding>
          </properties>
          <dependencies>
            <dependency>
              <groupId>dev.modelbake</groupId>
              <artifactId>%s</artifactId>
              <version>%s</version>
            </dependency>
          </dependencies>
          <build>
            <plugins>
              <plugin>
                <artifactId>maven-resources-plugin</artifactId>
                <version>3.5.0</version>
              </plugin>
              <plugin>
                <artifactId>maven-compiler-plugin</artifactId>
                <version>3.16.0</version>
              </plugin>
            </plugins>
          </build>
        </project>
        """
            .formatted(artifact, VERSION));
    maven("-q", "compile").in(other).run().ok();
    assertTrue(Files.exists(other.resolve("target/classes/Bake.class")), artifact);
  }

  private void assertBuilds(String pom) throws IOException {
    Peers.require("mvn");
    install();
    assertBuildsTwice(pom);
  }

  private void assertBuildsTwice(String pom) throws IOException {
    Files.writeString(work.resolve("pom.xml"), pom);
    Ended first = maven("package").run().ok();
    assertTrue(first.all().contains("1 fetched"), first.all());
    Path baked = work.resolve("target/image/opt/models/model.bin");
    assertArrayEquals(model, Files.readAllBytes(baked));
    Object inode = Files.getAttribute(baked, "unix:ino");
    Files.delete(work.resolve("model.bin"));
    Ended second = maven("package").run().ok();
    assertTrue(second.all().contains("nothing to fetch: 1 of 1 file already right"), second.all());
    assertEquals(inode, Files.getAttribute(baked, "unix:ino"));
  }

  /** Puts both artifacts into a repository of the test's own, as {@code mvn install} would. */
  private void install() throws IOException {
    Path all =
        Files.createDirectories(work.resolve("repository/dev/modelbake/modelbake-all/" + VERSION));
    Files.copy(ALL, all.resolve("modelbake-all-" + VERSION + ".jar"));
    Files.copy(
        TARGET.resolve("modelbake-" + VERSION + "-all.pom"),
        all.resolve("modelbake-all-" + VERSION + ".pom"));
    Path ours =
        Files.createDirectories(work.resolve("repository/dev/modelbake/modelbake/" + VERSION));
    Files.copy(OURS, ours.resolve(OURS.getFileName()));
    Files.copy(Path.of("pom.xml"), ours.resolve("modelbake-" + VERSION + ".pom"));
    writeSettings();
  }

  /** What this build has already stands in for the network. */
  private void writeSettings() throws IOException {
    Files.writeString(
        work.resolve("settings.xml"),
        """
        <settings><mirrors><mirror>
          <id>what-is-here</id><mirrorOf>*</mirrorOf><url>%s</url>
        </mirror></mirrors></settings>
        """
            .formatted(Path.of(System.getProperty("modelbake.test.repository")).toUri()));
  }

  private Program maven(Object... arguments) {
    return Program.of("mvn", "-B", "-ntp", "-s", work.resolve("settings.xml"))
        .and("-Dmaven.repo.local=" + work.resolve("repository"))
        .and(arguments)
        .in(work)
        .with("JAVA_HOME", System.getProperty("java.home"))
        .with("MODELBAKE_STORE", "");
  }

  @Test
  void theAllJarNeedsNoOtherAndKeepsItsLibrariesToItself() throws IOException {
    Set<String> foreign = new TreeSet<>();
    try (JarFile jar = new JarFile(ALL.toFile())) {
      jar.stream()
          .map(entry -> entry.getName())
          .filter(name -> !KNOWN.matcher(name).matches())
          .forEach(foreign::add);
      assertTrue(jar.getEntry("dev/modelbake/libraries/okhttp3/OkHttpClient.class") != null);
      assertTrue(jar.getEntry("META-INF/services/java.util.spi.ToolProvider") != null);
    }
    assertEquals(Set.of(), foreign);
    String pom = Files.readString(TARGET.resolve("modelbake-" + VERSION + "-all.pom"));
    assertTrue(pom.contains("<version>" + VERSION + "</version>"), pom);
    assertTrue(!pom.contains("<dependenc"), pom);
  }

  @Test
  void theAllJarRunsAndReachesForEveryLibrary() throws IOException {
    assertEquals("modelbake " + VERSION + "\n", java("-jar", ALL, "--version").run().ok().out());
    Ended demo = java("-jar", ALL, "demo").run().ok(); // http, YAML, options
    assertTrue(demo.err().contains("proven"), demo.err());
    java("-jar", ALL, "plan", "--json", "--owner", "self", "models.yaml").run().ok(); // JSON
  }

  @Test
  void theLicencesOfAllLibrariesAreInTheAllJar() throws IOException {
    try (JarFile jar = new JarFile(ALL.toFile())) {
      String listed =
          new String(
              jar.getInputStream(jar.getEntry("META-INF/licenses/LIBRARIES.txt")).readAllBytes(),
              StandardCharsets.UTF_8);
      for (String name : List.of("modelbake-" + VERSION + "/LICENSE", "zstd-jni.txt", "zstd.txt")) {
        assertTrue(jar.getEntry("META-INF/licenses/" + name) != null, name);
      }
      for (String library : libraries()) {
        assertTrue(listed.contains("\n" + library + " "), library);
      }
    }
  }

  /** The artifacts that our own are compiled with. */
  private static List<String> libraries() throws IOException {
    Matcher compiled =
        Pattern.compile(
                "<artifactId>([a-z0-9-]+)</artifactId>\\s*<version>[^<]*</version>\\s*</dep")
            .matcher(Files.readString(Path.of("pom.xml")).split("<scope>test", 2)[0]);
    return compiled
        .results()
        .map(found -> found.group(1))
        .filter(name -> !name.equals("junit-bom"))
        .toList();
  }
}
