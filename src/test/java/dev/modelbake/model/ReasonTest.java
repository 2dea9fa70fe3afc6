package dev.modelbake.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

class ReasonTest {
  @TempDir Path directory;

  private static String of(Executable fails) {
    return Reason.of(assertThrows(IOException.class, fails));
  }

  @Test
  void exceptionsWithoutWordsAreToldByWhatTheyMean() throws IOException {
    Path file = Files.writeString(directory.resolve("file"), "");
    Path none = directory.resolve("none");
    assertEquals("there is no such file or directory", of(() -> Files.size(none)));
    assertEquals("it exists", of(() -> Files.createDirectory(file)));
    assertEquals("the directory is not empty", of(() -> Files.delete(directory)));
    assertEquals("it is not a directory", Reason.of(new NotDirectoryException("x")));
    assertEquals("it was closed meanwhile", Reason.of(new ClosedChannelException()));
    assertEquals("the system says no more", Reason.of(new IOException()));
  }

  @Test
  void theSystemsWordsAreKeptWithoutThePathAndWithoutControls() {
    assertEquals(
        "No space left on device",
        Reason.of(new FileSystemException("/x", null, "No space left on device")));
    assertEquals("a\\x1bb", Reason.of(new IOException("a\u001bb")));
  }
}
