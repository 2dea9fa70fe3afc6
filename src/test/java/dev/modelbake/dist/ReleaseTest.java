package dev.modelbake.dist;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What has to agree in the source before a release is made of it. */
class ReleaseTest {
  private static final Pattern VERSION = Pattern.compile("<version>([^<]+)</version>");
  private static final Pattern NAMED = Pattern.compile("modelbake[- /](\\d+\\.\\d+\\.\\d+)");

  @Test
  void documentsSpeakOfTheVersionInThePom() throws IOException {
    String version = version();
    List<String> others = new ArrayList<>();
    int named = 0;
    for (Path document : documents()) {
      Matcher names = NAMED.matcher(Files.readString(document));
      while (names.find()) {
        named++;
        if (!names.group(1).equals(version)) {
          others.add(document + ": " + names.group());
        }
      }
    }

    assertEquals(List.of(), others);
    assertTrue(named > 0, "no document speaks of any version");
  }

  @Test
  void theChangelogHasTheVersionOrSomethingUnreleased() throws IOException {
    String changes = Files.readString(Path.of("CHANGELOG.md"));
    String released = "## \\[" + Pattern.quote(version()) + "\\] - \\d{4}-\\d{2}-\\d{2}";
    boolean unreleased = changes.matches("(?s).*\n## \\[Unreleased\\]\n+(?!## )\\S.*");

    assertTrue(unreleased || changes.lines().anyMatch(line -> line.matches(released)), changes);
  }

  @ParameterizedTest
  @ValueSource(ints = {17, 25})
  void theClassesOfTheArchiveAreInOrderAndDependOnNoRun(int java) throws IOException {
    List<String> lines = Files.readAllLines(Path.of("src/build/training/classes-" + java));

    assertEquals(new ArrayList<>(new TreeSet<>(lines)), lines);
    assertEquals(
        List.of(), lines.stream().filter(line -> line.matches("@cp .*|.* id: \\d+")).toList());
    assertTrue(lines.contains("dev/modelbake/cli/Main"), "our own classes are among them");
  }

  /** The first version of the pom is the project's. */
  private static String version() throws IOException {
    Matcher version = VERSION.matcher(Files.readString(Path.of("pom.xml")));
    assertTrue(version.find());
    return version.group(1);
  }

  private static List<Path> documents() throws IOException {
    List<Path> documents = new ArrayList<>();
    for (String directory : List.of(".", "docs")) {
      try (Stream<Path> files = Files.list(Path.of(directory))) {
        files
            .filter(file -> file.toString().matches(".*(\\.md|Dockerfile\\.example)"))
            .filter(file -> !file.endsWith("CHANGELOG.md"))
            .forEach(documents::add);
      }
    }
    return documents;
  }
}
