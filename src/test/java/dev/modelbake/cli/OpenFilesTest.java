package dev.modelbake.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.modelbake.model.BakeException;
import dev.modelbake.model.FailureKind;
import dev.modelbake.testing.FaultCase;
import java.io.FileNotFoundException;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class OpenFilesTest {
  @Test
  @FaultCase(103)
  void theLimitIsFoundBehindWhatLooksLikeABug() {
    Error deep =
        new ExceptionInInitializerError(
            new FileNotFoundException("lib/tzdb.dat (Too many open files)"));
    BakeException told =
        OpenFiles.behind(new IllegalStateException("a file's task broke", deep)).orElseThrow();
    assertEquals(FailureKind.IO, told.kind());
    assertTrue(told.explanation().remedy().contains("ulimit -n"), told::toString);
  }

  @Test
  void anythingElseIsLeftAlone() {
    assertEquals(Optional.empty(), OpenFiles.behind(new IllegalStateException("broken")));
  }
}
