package dev.modelbake.mirror;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.modelbake.model.UsageException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class MirrorPlaceTest {
  @Test
  void aPathMayBeNamedAsAFile() {
    assertEquals(Path.of("/mnt/usb"), MirrorPlace.directory("file:///mnt/usb"));
    assertEquals(Path.of("usb"), MirrorPlace.directory("usb"));
  }

  @Test
  void aUrlIsRefusedWithoutItsSecrets() {
    UsageException failure =
        assertThrows(
            UsageException.class,
            () -> MirrorPlace.directory("ftp://user:SECRET@host.example/a?token=SECRET"));
    assertFalse(failure.getMessage().contains("SECRET"), failure::getMessage);
  }
}
