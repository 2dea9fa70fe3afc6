package dev.modelbake.bake;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.modelbake.plan.PythonPackages;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PythonReaderTest {
  private static final Path ROOT = Path.of("/");

  @TempDir Path work;

  /** A python3 that answers this. */
  private Path python(String directory, String script) throws IOException {
    Path bin = Files.createDirectories(work.resolve(directory));
    Path python = Files.writeString(bin.resolve("python3"), "#!/bin/sh\n" + script + "\n");
    Files.setPosixFilePermissions(python, PosixFilePermissions.fromString("rwxr-xr-x"));
    return bin;
  }

  private static PythonPackages ask(Path root, String path, String... packages) {
    return new PythonReader(Map.of("PATH", path)).packages(root, new TreeSet<>(List.of(packages)));
  }

  @Test
  void nobodyIsAskedForNothing() throws IOException {
    Path bin = python("a", "touch " + work.resolve("asked"));
    assertEquals(PythonPackages.NONE, ask(ROOT, bin.toString()));
    assertTrue(Files.notExists(work.resolve("asked")));
  }

  @Test
  void theFirstPythonOfThePathAnswers() throws IOException {
    Path first = python("a", "echo '{\"rapidocr\": \"/a/rapidocr\"}'");
    Path second = python("b", "echo '{\"rapidocr\": \"/b/rapidocr\"}'");
    assertEquals(
        Map.of("rapidocr", "/a/rapidocr"),
        ask(ROOT, "/absent:" + first + ":" + second, "rapidocr").directories());
  }

  @Test
  void anotherPythonThatHasThePackageIsNamed() throws IOException {
    Path first = python("a", "echo '{}'");
    Path second = python("b", "echo '{\"rapidocr\": \"/b/rapidocr\"}'");
    PythonPackages found = ask(ROOT, first + ":" + second, "rapidocr");
    assertEquals(Map.of(), found.directories());
    assertTrue(found.absence().what().contains(second.toString()), found.absence().what());
  }

  @Test
  void whyThereIsNoAnswerIsTold() throws IOException {
    assertTrue(ask(ROOT, "/absent", "x").absence().what().contains("no python3"));
    assertTrue(ask(Path.of("/image"), "/usr/bin", "x").absence().what().contains("--root"));
    Path broken = python("c", "echo oops; exit 3");
    assertTrue(ask(ROOT, broken.toString(), "x").absence().what().contains("does not find"));
  }

  @Test
  void theProgramItselfFindsAPackageWithoutImportingIt() throws IOException {
    Path site = Files.createDirectories(work.resolve("site/noisy"));
    Files.writeString(site.resolve("__init__.py"), "raise SystemExit('imported')\n");
    String path = System.getenv().getOrDefault("PATH", "");
    PythonPackages found =
        new PythonReader(Map.of("PATH", path, "PYTHONPATH", site.getParent().toString()))
            .packages(ROOT, new TreeSet<>(List.of("noisy")));
    assertEquals(Map.of("noisy", site.toString()), found.directories());
  }
}
