package dev.modelbake.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.modelbake.model.DiskException;
import dev.modelbake.model.FailureKind;
import dev.modelbake.testing.FaultCase;
import java.io.ByteArrayOutputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

@FaultCase(164)
class OutputTest {
  @Test
  void whatWasWrittenIsThere() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    Output output = new Output("a test", bytes, UTF_8);
    output.line("é…");
    output.print("x");
    output.check();
    assertEquals("é…\nx", bytes.toString(UTF_8));
  }

  @Test
  void aFullDiskIsRememberedAndToldAtTheEnd() throws IOException {
    try (OutputStream full = new FileOutputStream("/dev/full")) {
      Output output = new Output("standard error", full, UTF_8);
      output.line("lost");
      output.line("lost too");
      DiskException failure = assertThrows(DiskException.class, output::check);
      assertEquals(FailureKind.IO, failure.kind());
      assertTrue(failure.getMessage().contains("No space left on device"), failure.getMessage());
    }
  }

  @Test
  void afterAFailedWriteNothingMoreIsWritten() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    Output output =
        new Output(
            "a test",
            new OutputStream() {
              @Override
              public void write(int b) throws IOException {
                throw new IOException("not by single bytes");
              }

              @Override
              public void write(byte[] all, int from, int length) throws IOException {
                bytes.write(all, from, length);
                throw new IOException("broken pipe");
              }
            },
            UTF_8);
    output.line("one");
    output.line("two");
    assertEquals("one\n", bytes.toString(UTF_8));
    assertEquals(Optional.of("broken pipe"), output.failure().map(IOException::getMessage));
  }

  @Test
  void withoutALocaleTheLogIsUtf8() {
    assertEquals(UTF_8, Output.charset(Map.of()));
    assertEquals(UTF_8, Output.charset(Map.of("LANG", "POSIX")));
    assertEquals(UTF_8, Output.charset(Map.of("LC_ALL", "C", "LANG", "de_DE.ISO-8859-1")));
  }

  @Test
  void theFirstLocaleVariableThatIsNotEmptyCounts() {
    assertEquals("b", Output.locale(Map.of("LC_ALL", "", "LC_CTYPE", "b", "LANG", "c")));
    assertEquals("", Output.locale(Map.of()));
  }
}
