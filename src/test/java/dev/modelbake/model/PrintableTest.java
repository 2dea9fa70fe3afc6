package dev.modelbake.model;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.modelbake.testing.FaultCase;
import org.junit.jupiter.api.Test;

@FaultCase({161, 162})
class PrintableTest {
  @Test
  void theCutNeverHalvesACharacter() {
    assertEquals("a…", Printable.of("a\uD83D\uDE00b", 2));
    assertEquals("a\uD83D\uDE00…", Printable.of("a\uD83D\uDE00b", 3));
  }

  @Test
  void whatCannotBeSeenIsEscaped() {
    assertEquals("\\x1b[2J\\u202e\\x0a", Printable.of("\u001b[2J\u202e\n", 80));
  }
}
