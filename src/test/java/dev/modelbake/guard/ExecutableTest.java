package dev.modelbake.guard;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExecutableTest {
  @TempDir Path directory;

  private Path file(String name, String mode) throws IOException {
    Path file = directory.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, "#!/bin/sh\n");
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
  }

  @Test
  void theFirstThatRunsIsTakenAsAShellWould() throws IOException {
    file("one/tool", "rw-r--r--");
    Path runs = file("two/tool", "rwxr-xr-x");
    String path = directory.resolve("one") + ":/nowhere::" + directory.resolve("two");
    assertEquals(new Executable(0, Optional.of(runs)), Executable.find("tool", path));
    assertEquals(0, Executable.find(runs.toString(), "").code());
  }

  @Test
  void aScriptWhoseInterpreterIsMissingDoesNotRun() throws IOException {
    Path script = file("script", "rwxr-xr-x");
    Files.writeString(script, "#! /no/such/python -u\n");
    Executable found = Executable.find(script.toString(), "");
    assertEquals(126, found.code());
    assertEquals("its interpreter /no/such/python is not there, or not executable", found.fault());
    assertEquals(directory + " is a directory", Executable.find(directory.toString(), "").fault());
  }

  @Test
  void whatDoesNotRunIs126AndWhatIsNotThereIs127() throws IOException {
    file("one/tool", "rw-r--r--");
    String path = directory.resolve("one").toString();
    assertEquals(126, Executable.find("tool", path).code());
    assertEquals(126, Executable.find(directory.toString(), path).code());
    assertEquals(127, Executable.find("other", path).code());
    assertEquals(127, Executable.find("", path).code());
    assertEquals(127, Executable.find("./no/such", path).code());
  }
}
