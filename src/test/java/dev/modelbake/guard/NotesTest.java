package dev.modelbake.guard;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NotesTest {
  @TempDir Path directory;

  @Test
  void attemptsAndStartsAreUnderstood() throws IOException {
    Files.writeString(
        directory.resolve("12-1.jsonl"),
        """
        {"count":         42, "type": "attempt", "verdict": "refused", "host": "h.example", "port": 443, "how": "lookup", "pid": 12, "url": "https://h.example/x", "file": "lib/a.py", "line": 7, "function": "get", "through": "requests", "stack": ["lib/a.py:7 get"]}
        """);
    Files.writeString(
        directory.resolve("started-0.jsonl"),
        "{\"type\": \"started\", \"pid\": 12, \"executable\": \"/p\", \"version\": \"3.11.2\", \"path\": [\"/x/site-packages\"]}\n");
    Notes notes = Notes.read(directory);
    Attempt attempt = notes.attempts().get(0);
    assertEquals(42, attempt.count());
    assertEquals("h.example:443", attempt.target());
    assertEquals("lib/a.py", attempt.caller().get().file());
    assertEquals(Optional.of("requests"), attempt.caller().get().through());
    assertEquals(
        List.of(new Notes.Started(12, "/p", "3.11.2", List.of(Path.of("/x/site-packages")))),
        notes.started());
    assertEquals(0, notes.lost());
  }

  @Test
  void aLineThatWasCutOrMadeUpIsCountedAndPassedOver() throws IOException {
    Files.writeString(
        directory.resolve("a.jsonl"),
        """
        {"count":          1, "type": "att
        []
        {"type": "attempt", "verdict": "maybe", "host": "h", "how": "lookup"}
        {"type": "written", "path": "\\u0000"}
        {"count":          5, "type": "more"}
        """);
    Notes notes = Notes.read(directory);
    assertEquals(List.of(), notes.attempts());
    assertEquals(4, notes.lost());
    assertEquals(5, notes.more());
  }

  @Test
  void aLinkIsNotFollowed() throws IOException {
    Path elsewhere = Files.writeString(directory.resolve("elsewhere"), "[]\n");
    Path notes = Files.createDirectory(directory.resolve("notes"));
    Files.createSymbolicLink(notes.resolve("1-1.jsonl"), elsewhere);
    assertEquals(0, Notes.read(notes).lost());
  }

  @Test
  void theLibraryOfARequestIsTheFirstPartOfAFileBelowItsPackages() throws IOException {
    Files.writeString(
        directory.resolve("1-1.jsonl"),
        """
        {"count": 1, "type": "url", "method": "GET", "url": "https://h.example/x", "time": 5, "file": "rembg/a.py", "line": 1}
        {"count": 1, "type": "url", "method": "GET", "url": "https://h.example/y", "time": 6, "file": "/app/main.py", "line": 1}
        {"count": 1, "type": "url", "method": "GET", "url": "https://h.example/z", "time": 7, "file": "<string>", "line": 1}
        """);
    assertEquals(
        List.of(Optional.of("rembg"), Optional.empty(), Optional.empty()),
        Notes.read(directory).requested().stream().map(Notes.Requested::library).toList());
  }
}
