package dev.modelbake.whole;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.modelbake.testing.FaultCase;
import dev.modelbake.testing.Program;
import dev.modelbake.testing.RawServer;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Many runs at once, many files, and one that is very large: what a run takes stays bounded. */
class LoadIT {
  private static final int RUNS = 64;
  private static final int MANY = 20_000;
  private static final long HUGE = 100L << 30;

  /** Of so many zeros. */
  private static final String HUGE_SHA256 =
      "f0b14a8da7f1c48a0846647a078b97956edd8df451a62fc4b466879aa24d4fd7";

  private static final int MOST_THREADS = 64;
  private static final int MOST_FILES = 200;
  private static final long MOST_KIB = 480L << 10;

  @TempDir Path directory;

  private static String sha256(byte[] bytes) throws Exception {
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
  }

  /** The most of each that a process had when it was looked at. */
  private static final class Watch {
    private long threads;
    private long files;
    private long kib;

    void until(Process process) throws Exception {
      while (!process.waitFor(50, TimeUnit.MILLISECONDS)) {
        look(Path.of("/proc", Long.toString(process.pid())));
      }
    }

    private void look(Path process) {
      try (Stream<Path> open = Files.list(process.resolve("fd"))) {
        files = Math.max(files, open.count());
        String status = Files.readString(process.resolve("status"));
        threads = Math.max(threads, number(status, "Threads:\\s+(\\d+)"));
        kib = Math.max(kib, number(status, "VmHWM:\\s+(\\d+)"));
      } catch (IOException e) {
        return; // it has just ended
      }
    }

    private static long number(String text, String pattern) {
      Matcher matcher = Pattern.compile(pattern).matcher(text);
      return matcher.find() ? Long.parseLong(matcher.group(1)) : 0;
    }

    void assertBounded() {
      assertTrue(threads <= MOST_THREADS, threads + " threads");
      assertTrue(files <= MOST_FILES, files + " open files");
      assertTrue(kib <= MOST_KIB, kib + " KiB");
      System.out.printf("at most %d threads, %d files, %d MiB%n", threads, files, kib >> 10);
    }
  }

  @Test
  @Tag("chaos")
  @FaultCase(113)
  void sixtyFourBakesOfOneStoreFetchEachFileOnce() throws Exception {
    byte[][] models = new byte[8][300_000];
    StringBuilder text =
        new StringBuilder("schema: modelbake/1\nowner: self\nmodels:\n  - name: m\n");
    text.append("    dir: /models\n    files:\n");
    try (RawServer server =
        RawServer.answering(
            connection -> {
              String path = connection.request().split(" ", 3)[1];
              byte[] bytes = models[path.charAt(1) - '0'];
              connection.send("HTTP/1.1 200 x\r\nContent-Length: " + bytes.length + "\r\n\r\n");
              connection.send(bytes);
            })) {
      for (int i = 0; i < models.length; i++) {
        new Random(i).nextBytes(models[i]);
        text.append(
            "      - {url: '%s', sha256: %s, size: %d}\n"
                .formatted(server.url("/" + i + ".bin"), sha256(models[i]), models[i].length));
      }
      Files.writeString(directory.resolve("models.yaml"), text);
      List<Process> processes = new ArrayList<>();
      for (int run = 0; run < RUNS; run++) {
        Path root = Files.createDirectory(directory.resolve("root" + run));
        processes.add(
            Launcher.in(directory, "bake", "--root", root, "--store", "store", "models.yaml")
                .builder()
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("log" + run).toFile())
                .start());
      }
      for (int run = 0; run < RUNS; run++) {
        int exit = processes.get(run).waitFor();
        assertEquals(0, exit, Files.readString(directory.resolve("log" + run)));
        for (int i = 0; i < models.length; i++) {
          Path model = directory.resolve("root" + run).resolve("models/" + i + ".bin");
          assertArrayEquals(models[i], Files.readAllBytes(model));
        }
      }
      assertEquals(models.length, server.requests().size());
      assertEquals(
          List.of("lock"),
          Program.of("ls", directory.resolve("store/.modelbake"))
              .run()
              .ok()
              .out()
              .lines()
              .toList());
    }
  }

  @Test
  @Tag("chaos")
  void twentyThousandFilesTakeBoundedThreadsFilesAndMemory() throws Exception {
    Path usb = Files.createDirectory(directory.resolve("files"));
    StringBuilder text = new StringBuilder("schema: modelbake/1\nowner: self\nmodels:\n");
    for (int i = 0; i < MANY; i++) {
      byte[] bytes = ("file " + i).getBytes(java.nio.charset.StandardCharsets.UTF_8);
      Files.write(usb.resolve(i + ".bin"), bytes);
      if (i % 20 == 0) {
        text.append(
            "  - name: org/m%d\n    dir: %s/out/m%d\n    files:\n"
                .formatted(i / 20, directory, i / 20));
      }
      text.append(
          "      - {url: 'file:files/%d.bin', sha256: %s, size: %d}\n"
              .formatted(i, sha256(bytes), bytes.length));
    }
    Files.writeString(directory.resolve("models.yaml"), text);
    Watch watch = new Watch();
    Path log = directory.resolve("log");
    Process bake =
        Launcher.in(directory, "bake", "models.yaml")
            .builder()
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    watch.until(bake);
    assertEquals(0, bake.exitValue(), Files.readString(log));
    assertEquals(
        MANY + "",
        Program.of("sh", "-c", "find out -type f | wc -l").in(directory).run().ok().out().strip());
    watch.assertBounded();
  }

  @Test
  @FaultCase(109)
  void aRunWithoutMemoryEndsWithoutHalfAFile() throws Exception {
    byte[] bytes = new byte[2 << 20];
    new Random(3).nextBytes(bytes);
    Files.write(directory.resolve("m.bin"), bytes);
    Files.writeString(
        directory.resolve("models.yaml"),
        """
        schema: modelbake/1
        owner: self
        models:
          - {name: m, dir: %s, files: [{url: 'file:m.bin', sha256: %s, size: %d}]}
        """
            .formatted(directory.resolve("out"), sha256(bytes), bytes.length));
    int failed = 0;
    for (int mebibytes = 2; mebibytes <= 12; mebibytes += 2) {
      int exit =
          Launcher.in(directory, "bake", "models.yaml")
              .with("MODELBAKE_JAVA_OPTS", "-Xmn1m -Xmx" + mebibytes + "m")
              .run()
              .exit();
      Path model = directory.resolve("out/m.bin");
      if (exit == 0 || Files.exists(model)) {
        assertArrayEquals(bytes, Files.readAllBytes(model));
      }
      failed += exit == 0 ? 0 : 1;
    }
    assertTrue(failed > 0, "it never ran out of memory");
  }

  @Test
  @Tag("chaos")
  @FaultCase(165)
  void aHundredGibibytesTakeBoundedThreadsFilesAndMemory() throws Exception {
    Path model = Files.createDirectories(directory.resolve("out")).resolve("huge.bin");
    try (RandomAccessFile sparse = new RandomAccessFile(model.toFile(), "rw")) {
      sparse.setLength(HUGE);
    }
    Files.writeString(
        directory.resolve("models.yaml"),
        """
        schema: modelbake/1
        owner: self
        models:
          - name: m
            dir: %s
            files:
              - {url: 'file:never-read.bin', path: huge.bin, sha256: %s, size: %d}
        """
            .formatted(directory.resolve("out"), HUGE_SHA256, HUGE));
    for (String command : List.of("bake", "verify")) {
      Watch watch = new Watch();
      Path log = directory.resolve("log");
      Process process =
          Launcher.in(directory, command, "models.yaml")
              .builder()
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .start();
      watch.until(process);
      assertEquals(0, process.exitValue(), Files.readString(log));
      watch.assertBounded();
    }
    assertTrue(
        Long.parseLong(Program.of("stat", "-c", "%b", model).run().ok().out().strip()) < 1000,
        "it is as sparse as it was");
  }
}
