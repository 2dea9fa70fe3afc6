package dev.modelbake.mirror;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.modelbake.model.Descriptor;
import dev.modelbake.model.Digest;
import dev.modelbake.model.FailureKind;
import dev.modelbake.model.MirrorException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MirrorDirectoryTest {
  private static final MirrorDirectory MIRROR = new MirrorDirectory(Path.of("/mnt/usb"));

  private static Map<Descriptor, String> blob(long size) {
    return Map.of(Descriptor.of(Digest.OF_NOTHING, size), "org/huge/weights.bin");
  }

  @Test
  void aFileTooLargeForFat32IsNamed() {
    MirrorException failure =
        assertThrows(MirrorException.class, () -> MIRROR.checkFits(blob(5L << 30), "vfat"));
    assertEquals(FailureKind.CANNOT_CREATE, failure.kind());
    assertEquals(List.of("org/huge/weights.bin (5368709120 bytes)"), failure.files());
    assertTrue(failure.explanation().remedy().contains("exFAT"));
  }

  @Test
  void whatFitsAndOtherFileSystemsPass() {
    assertDoesNotThrow(() -> MIRROR.checkFits(blob((4L << 30) - 1), "vfat"));
    assertThrows(MirrorException.class, () -> MIRROR.checkFits(blob(4L << 30), "msdos"));
    assertDoesNotThrow(() -> MIRROR.checkFits(blob(5L << 30), "exfat"));
    assertDoesNotThrow(() -> MIRROR.checkFits(blob(5L << 30), "ext4"));
  }
}
