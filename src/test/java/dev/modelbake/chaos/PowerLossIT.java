package dev.modelbake.chaos;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.modelbake.testing.FaultCase;
import dev.modelbake.testing.Mounts;
import dev.modelbake.testing.Peers;
import dev.modelbake.testing.Program;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A file system of its own whose power goes off: whatever was not synced is lost (FS_IOC_SHUTDOWN
 * without a flush of the log). What a run called finished must be there afterwards, and a program
 * that does not sync must be found out, or this test proves nothing.
 */
class PowerLossIT {
  private static final Path LAUNCHER = Path.of("target/modelbake/bin/modelbake").toAbsolutePath();

  /** EXT4_IOC_SHUTDOWN with EXT4_GOING_FLAGS_NOLOGFLUSH. */
  private static final String OFF =
      "import fcntl,os,struct,sys;"
          + "fcntl.ioctl(os.open(sys.argv[1],os.O_RDONLY),0x8004587D,struct.pack('I',2))";

  private static final int FILES = 4;
  private static final int MOMENTS = 8;
  private static final byte[] OLD = "what stood here before".getBytes(UTF_8);

  @TempDir Path directory;

  private Mounts mounts;
  private Path disk;
  private Path image;
  private boolean mounted;

  @BeforeEach
  void makeDisk() throws Exception {
    Peers.require("mkfs.ext4", "python3");
    mounts = Mounts.asRoot();
    image = directory.resolve("disk.img");
    disk = Files.createDirectory(directory.resolve("disk"));
    for (int i = 0; i < FILES; i++) {
      Files.write(directory.resolve(i + ".bin"), bytes(i));
    }
    format();
  }

  @AfterEach
  void takeBack() throws Exception {
    unmount();
    mounts.takeBack();
  }

  private static byte[] bytes(int i) {
    byte[] bytes = new byte[300_000 + i];
    new Random(i).nextBytes(bytes);
    return bytes;
  }

  private void format() throws Exception {
    unmount();
    Files.deleteIfExists(image);
    Mounts.run("truncate", "-s", "64M", image.toString());
    Mounts.run("mkfs.ext4", "-q", "-F", image.toString());
    mount();
    Files.createDirectories(disk.resolve("models"));
    Files.write(disk.resolve("models/0.bin"), OLD);
    Mounts.run("sync", "-f", disk.toString());
  }

  private void mount() throws Exception {
    // Nothing is written but what is asked for: no commit every five seconds.
    Mounts.run("mount", "-o", "loop,commit=900", image.toString(), disk.toString());
    mounted = true;
  }

  private void unmount() throws Exception {
    if (mounted) {
      Mounts.run("umount", disk.toString());
      mounted = false;
    }
  }

  private void powerOff() throws Exception {
    Mounts.run("python3", "-c", OFF, disk.toString());
  }

  private void powerOn() throws Exception {
    unmount();
    mount();
  }

  private Path manifest() throws IOException {
    StringBuilder text = new StringBuilder("schema: modelbake/1\nowner: self\nmodels:\n");
    text.append("  - name: m\n    dir: %s/models\n    files:\n".formatted(disk));
    for (int i = 0; i < FILES; i++) {
      text.append(
          "      - {url: 'file:%d.bin', sha256: %s, size: %d, path: %s%d.bin}\n"
              .formatted(i, Oracle.sha256(bytes(i)), bytes(i).length, i > 1 ? "new/" : "", i));
    }
    return Files.writeString(directory.resolve("models.yaml"), text);
  }

  private List<Wanted> wanted() {
    List<Wanted> wanted = new ArrayList<>();
    for (int i = 0; i < FILES; i++) {
      String name = (i > 1 ? "new/" : "") + i + ".bin";
      wanted.add(new Wanted(disk.resolve("models").resolve(name), bytes(i), 0644));
    }
    return wanted;
  }

  private List<String> wrong(boolean success) throws IOException {
    List<String> wrong = new ArrayList<>();
    for (Wanted one : wanted()) {
      boolean there = Files.exists(one.path(), LinkOption.NOFOLLOW_LINKS);
      byte[] now = there ? Files.readAllBytes(one.path()) : new byte[0];
      boolean isOld = one.path().endsWith("models/0.bin") ? Arrays.equals(now, OLD) : !there;
      boolean isRight = there && Arrays.equals(now, one.bytes());
      if (!isRight && (success || !isOld)) {
        wrong.add("%s has %d bytes".formatted(one.path().getFileName(), now.length));
      }
    }
    return wrong;
  }

  @Test
  @FaultCase(106)
  void whatExitZeroPromisedSurvivesALossOfPower() throws Exception {
    Program.of(LAUNCHER, "bake", "--quiet", manifest()).run().ok();
    powerOff();
    powerOn();
    assertEquals(List.of(), wrong(true));
  }

  @Test
  @FaultCase(106)
  void aProgramThatDoesNotSyncIsFoundOut() throws Exception {
    Path place = Files.createDirectory(directory.resolve("mutant"));
    Path classes = Mutant.read("unsynced.txt").get(0).compile(place);
    Program.of(
            Path.of(System.getProperty("java.home"), "bin/java"),
            "-cp",
            classes + ":" + System.getProperty("java.class.path"),
            "dev.modelbake.cli.Main",
            "bake",
            "--quiet",
            manifest())
        .run()
        .ok();
    assertEquals(List.of(), wrong(true));
    powerOff();
    powerOn();
    assertFalse(wrong(true).isEmpty());
  }

  @Test
  @FaultCase(106)
  void aLossOfPowerAtAnyMomentLeavesOldOrNew() throws Exception {
    manifest();
    long whole = System.nanoTime();
    Program.of(LAUNCHER, "bake", "--quiet", manifest()).run().ok();
    whole = System.nanoTime() - whole;
    Random random = new Random(5);
    for (int moment = 0; moment < MOMENTS; moment++) {
      format();
      Process bake =
          Program.of(LAUNCHER, "bake", "--quiet", manifest())
              .builder()
              .redirectErrorStream(true)
              .start();
      // The second half: before that it reads its manifest.
      Thread.sleep((whole / 2 + (long) (random.nextDouble() * whole / 2)) / 1_000_000);
      powerOff();
      boolean success = bake.waitFor() == 0;
      powerOn();
      // It may have ended before the power went.
      assertEquals(List.of(), wrong(success), "moment " + moment);
      Program.of(LAUNCHER, "bake", "--quiet", manifest()).run().ok();
      assertEquals(List.of(), wrong(true));
      assertFalse(Files.exists(disk.resolve("models/.modelbake")));
    }
  }

  @Test
  void aMirrorThatWasImportedSurvivesALossOfPower() throws Exception {
    Path usb = directory.resolve("usb");
    Program.of(LAUNCHER, "mirror", "export", "--quiet", usb, manifest()).in(directory).run().ok();
    Path mirror = disk.resolve("mirror");
    Program.of(LAUNCHER, "mirror", "import", "--quiet", usb, mirror).run().ok();
    powerOff();
    powerOn();
    assertTrue(Files.exists(mirror.resolve("modelbake-index.json")));
    try (Stream<Path> blobs = Files.list(mirror.resolve("blobs/sha256"))) {
      for (Path blob : blobs.toList()) {
        assertEquals(blob.getFileName().toString(), Oracle.sha256(Files.readAllBytes(blob)));
      }
    }
    Program.of(LAUNCHER, "mirror", "verify", "--quiet", mirror).run().ok();
  }
}
