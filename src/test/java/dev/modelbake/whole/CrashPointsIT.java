package dev.modelbake.whole;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.modelbake.testing.DiskPicture;
import dev.modelbake.testing.FaultCase;
import dev.modelbake.testing.Peers;
import dev.modelbake.testing.Program;
import dev.modelbake.testing.Program.Ended;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills a run at its first, second, third … call of every sort that changes names, modes, owners or
 * times, or syncs, and looks at the disk with eyes of its own; then the same command must complete.
 */
class CrashPointsIT {
  /** Also to its output and to others of its kind. */
  private static final List<String> WRITES = List.of("write", "pwrite64");

  /** What the Java machine itself does not call, or hardly ever. */
  private static final List<String> CALLS =
      List.of(
          "mkdir",
          "rename",
          "link",
          "symlink",
          "unlink",
          "rmdir",
          "chmod",
          "fchmod",
          "fchmodat",
          "chown",
          "lchown",
          "utimensat",
          "fsync",
          "fdatasync",
          "ftruncate");

  /** More calls of one sort than any of these runs makes. */
  private static final int MOST = 200;

  private static final int KILLED = 137;

  @TempDir Path directory;

  private Path work;

  @BeforeEach
  void begin() throws IOException {
    Peers.require("strace");
    Files.write(directory.resolve("one.bin"), bytes(1));
    Files.write(directory.resolve("two.bin"), bytes(2));
    work = directory.resolve("work");
  }

  private static byte[] bytes(int seed) {
    byte[] bytes = new byte[100_000];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private Path manifest() throws IOException {
    return Files.writeString(
        directory.resolve("models.yaml"),
        """
        schema: modelbake/1
        owner: self
        models:
          - name: org/m
            dir: %s/models
            files:
              - {url: "file:one.bin", sha256: %s, size: 100000, also: [again/one.bin]}
              - {url: "file:two.bin", sha256: %s, size: 100000, mode: "0600"}
        """
            .formatted(work, sha256(bytes(1)), sha256(bytes(2))));
  }

  /** What must hold of the disk. */
  @FunctionalInterface
  private interface Look {
    void at(String where) throws IOException;
  }

  /** Kills at every point, looks, and runs the command to its end; gives the number of points. */
  private int sweep(
      List<String> calls, Look prepare, Look afterKill, Look afterAll, Object... command)
      throws IOException {
    int points = 0;
    for (String call : calls) {
      int k = 1;
      while (k < MOST) {
        String where = call + " " + k;
        Program.of("rm", "-rf", work).run().ok();
        prepare.at(where);
        Ended ended =
            Program.of("strace", "-f", "-qq", "-o", "/dev/null")
                .and("-e", "trace=" + call, "-e", "inject=" + call + ":signal=KILL:when=" + k)
                .and(Launcher.PROGRAM)
                .and(command)
                .in(directory)
                .run();
        if (ended.exit() == 0) {
          break;
        }
        assertEquals(KILLED, ended.exit(), () -> where + "\n" + ended);
        afterKill.at(where);
        Launcher.in(directory, command).run().ok();
        afterAll.at(where);
        points++;
        k++;
      }
      assertTrue(k < MOST, call);
    }
    return points;
  }

  @Test
  @FaultCase({105, 112})
  void aBakeLeavesOldOrNewWhereverItIsKilled() throws IOException {
    assertTrue(bake(CALLS) > 5);
  }

  @Test
  @Tag("chaos")
  void aBakeLeavesOldOrNewWhicheverWriteItIsKilledAt() throws IOException {
    assertTrue(bake(WRITES) >= 2); // each file is written at once
  }

  private int bake(List<String> calls) throws IOException {
    manifest();
    Path old = work.resolve("models/one.bin");
    byte[] before = "old bytes".getBytes(UTF_8);
    Map<Path, byte[]> wanted =
        Map.of(
            old,
            bytes(1),
            work.resolve("models/again/one.bin"),
            bytes(1),
            work.resolve("models/two.bin"),
            bytes(2));
    return sweep(
        calls,
        where -> {
          Files.createDirectories(old.getParent());
          Files.write(old, before);
        },
        where -> {
          for (Map.Entry<Path, byte[]> one : wanted.entrySet()) {
            if (one.getKey().equals(old) || Files.exists(one.getKey())) {
              byte[] found = Files.readAllBytes(one.getKey());
              boolean isOld = one.getKey().equals(old) && Arrays.equals(before, found);
              assertTrue(isOld || Arrays.equals(one.getValue(), found), where);
            }
          }
        },
        where -> {
          for (Map.Entry<Path, byte[]> one : wanted.entrySet()) {
            assertArrayEquals(one.getValue(), Files.readAllBytes(one.getKey()), where);
          }
          assertEquals(
              "models\nmodels/again\nmodels/again/one.bin\nmodels/one.bin\nmodels/two.bin",
              DiskPicture.names(work),
              where);
        },
        "bake",
        "--quiet",
        "models.yaml");
  }

  @Test
  @Tag("chaos")
  @FaultCase({56, 105})
  void anImportPromisesNothingThatIsNotThereWhereverItIsKilled() throws IOException {
    assertTrue(importing(CALLS) > 5);
  }

  @Test
  @Tag("chaos")
  void anImportPromisesNothingThatIsNotThereWhicheverWriteItIsKilledAt() throws IOException {
    assertTrue(importing(WRITES) > 2);
  }

  private int importing(List<String> calls) throws IOException {
    manifest();
    Launcher.in(directory, "mirror", "export", "usb", "models.yaml").run().ok();
    String medium = DiskPicture.names(directory.resolve("usb"));
    Path index = work.resolve("modelbake-index.json");
    return sweep(
        calls,
        where -> Files.createDirectories(work),
        where -> {
          for (Path blob : blobs()) {
            String name = blob.getFileName().toString();
            assertEquals(name, sha256(Files.readAllBytes(blob)), where);
          }
          if (Files.exists(index)) {
            assertEquals(
                DiskPicture.names(directory.resolve("usb/blobs")),
                DiskPicture.names(work.resolve("blobs")),
                where);
          }
        },
        where -> {
          assertArrayEquals(
              Files.readAllBytes(directory.resolve("usb/modelbake-index.json")),
              Files.readAllBytes(index),
              where);
          // What was not renamed yet is swept an hour later.
          String left = DiskPicture.names(work.resolve(".modelbake"));
          assertEquals("lock", left.replaceAll("[^\n]+\\.tmp\n?", "").strip(), where);
          assertFalse(DiskPicture.names(work.resolve("blobs")).contains("."), where);
          assertEquals(medium, DiskPicture.names(directory.resolve("usb")), where);
        },
        "mirror",
        "import",
        "--quiet",
        "usb",
        work);
  }

  @Test
  @Tag("chaos")
  @FaultCase(105)
  void aPinLeavesTheOldOrTheNewManifestWhereverItIsKilled() throws IOException {
    assertTrue(pin(CALLS) > 5);
  }

  @Test
  @Tag("chaos")
  void aPinLeavesTheOldOrTheNewManifestWhicheverWriteItIsKilledAt() throws IOException {
    assertTrue(pin(WRITES) > 2);
  }

  private int pin(List<String> calls) throws IOException {
    String old =
        """
        schema: modelbake/1
        models:
          - name: org/m
            dir: /models
            files:
              - url: "file:one.bin" # the first
              - url: "file:two.bin"
        """;
    Path manifest = work.resolve("models.yaml");
    List<String> whole = new ArrayList<>();
    return sweep(
        calls,
        where -> {
          Files.createDirectories(work);
          Files.write(work.resolve("one.bin"), bytes(1));
          Files.write(work.resolve("two.bin"), bytes(2));
          Files.writeString(manifest, old);
        },
        where -> {
          String now = Files.readString(manifest);
          boolean isNew =
              now.contains(sha256(bytes(1)))
                  && now.contains(sha256(bytes(2)))
                  && now.contains("# the first");
          assertTrue(now.equals(old) || isNew, where + "\n" + now);
        },
        where -> {
          whole.add(Files.readString(manifest));
          assertTrue(whole.get(0).contains(sha256(bytes(2))), where);
          assertEquals(whole.get(0), Files.readString(manifest), where);
        },
        "pin",
        "--quiet",
        "--temp",
        work,
        manifest);
  }

  private List<Path> blobs() throws IOException {
    Path directory = work.resolve("blobs/sha256");
    if (!Files.exists(directory)) {
      return List.of();
    }
    try (Stream<Path> blobs = Files.list(directory)) {
      return blobs.toList();
    }
  }
}
