package dev.modelbake.whole;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.modelbake.testing.FaultCase;
import dev.modelbake.testing.Program;
import dev.modelbake.testing.Program.Ended;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every exit code, once, through the launcher. */
class ExitCodesIT {
  private static final byte[] MODEL = "weights".getBytes(StandardCharsets.UTF_8);

  @TempDir Path directory;

  private static String sha256(byte[] bytes) throws Exception {
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
  }

  /** A manifest of one file from this URL, with further lines for the file. */
  private void manifest(String url, byte[] pinned, String... more) throws Exception {
    manifestOf("self", url, pinned, more);
  }

  private void manifestOf(String owner, String url, byte[] pinned, String... more)
      throws Exception {
    String lines = Stream.of(more).map(line -> "        " + line + "\n").reduce("", String::concat);
    Files.writeString(
        directory.resolve("models.yaml"),
        """
        schema: modelbake/1
        owner: %s
        models:
          - name: m
            dir: %s
            files:
              - url: %s
                sha256: %s
                size: %d
        """
                .formatted(owner, directory.resolve("out"), url, sha256(pinned), pinned.length)
            + lines);
  }

  private void source(byte[] bytes) throws IOException {
    Files.write(directory.resolve("a.onnx"), bytes);
  }

  private Ended modelbake(Object... arguments) {
    return Launcher.in(directory, arguments).run();
  }

  private void assertExit(int code, Ended ended) {
    assertEquals(code, ended.exit(), ended::toString);
  }

  @Test
  void zeroWhenEveryFileIsProvenAndAgainWhenNothingIsLeftToDo() throws Exception {
    source(MODEL);
    manifest("file:a.onnx", MODEL);
    Ended first = modelbake("bake", "--sums", "-");
    assertExit(0, first);
    assertEquals(sha256(MODEL) + "  " + directory.resolve("out/a.onnx") + "\n", first.out());
    Ended second = modelbake("bake");
    assertExit(0, second);
    assertTrue(second.err().contains("nothing to fetch"), second::toString);
    assertExit(0, modelbake("verify"));
  }

  @Test
  void aDirectoryOfBlobsServesAsAMirrorNamedByARelativePath() throws Exception {
    manifest("file:a.onnx", MODEL);
    Path blobs = Files.createDirectories(directory.resolve("store/blobs/sha256"));
    Files.write(blobs.resolve(sha256(MODEL)), MODEL);
    Ended ended = modelbake("bake", "--only-mirrors", "--mirror", "file:store");
    assertExit(0, ended);
    assertTrue(Files.exists(directory.resolve("out/a.onnx")), ended::toString);
  }

  @Test
  void sixtyFourForAWrongOptionAndForASelectorThatMatchesNothing() throws Exception {
    manifest("file:a.onnx", MODEL);
    assertExit(64, modelbake("bake", "--nonsense"));
    assertExit(64, modelbake("bake", "--only", "nothing"));
  }

  /** What is written last would stand where what was proven stood. */
  @ParameterizedTest
  @CsvSource({
    "--receipt out/a.onnx, is the place of a model",
    "--sums link/a.onnx, is the place of a model",
    "--report models.yaml, is the manifest",
    "--report x --sums ./x, is --report too",
    "--report out/tree/new, which models fill"
  })
  void sixtyFourForAnOutputThatWouldReplaceWhatIsProven(String options, String why)
      throws Exception {
    source(MODEL);
    manifest("file:a.onnx", MODEL);
    String text = Files.readString(directory.resolve("models.yaml"));
    text += "      - {url: file:t.zip, sha256: %s, size: 9, unpack: zip, path: tree}\n";
    text = text.formatted(sha256(MODEL));
    Files.writeString(directory.resolve("models.yaml"), text);
    Files.createSymbolicLink(directory.resolve("link"), Path.of("out"));
    Files.createDirectory(directory.resolve("out"));
    Ended ended = modelbake((Object[]) ("bake " + options).split(" ", -1));
    assertExit(64, ended);
    assertTrue(ended.err().contains(why), ended::toString);
    assertEquals(text, Files.readString(directory.resolve("models.yaml")));
    assertTrue(Files.notExists(directory.resolve("out/a.onnx")));
  }

  @Test
  void sixtyFourForSumsThatWouldReplaceAModel() throws Exception {
    source(MODEL);
    manifest("file:a.onnx", MODEL);
    assertExit(0, modelbake("bake", "--receipt", "receipt"));
    assertExit(64, modelbake("verify", "--sums", "out/a.onnx"));
    assertExit(64, modelbake("verify", "--receipt", "receipt", "--sums", "receipt"));
    assertExit(66, modelbake("verify", "--receipt", "/dev/zero"));
    assertExit(0, modelbake("verify", "--receipt", "receipt"));
  }

  @Test
  void sixtyFiveForWrongBytesWithTheCauseInTheLastTenLines() throws Exception {
    source("weighty".getBytes(StandardCharsets.UTF_8));
    manifest("file:a.onnx", MODEL);
    Ended ended = modelbake("bake");
    assertExit(65, ended);
    String[] lines = ended.err().split("\n");
    String last = String.join("\n", Stream.of(lines).skip(Math.max(0, lines.length - 10)).toList());
    assertTrue(last.contains(sha256(MODEL)), ended::toString);
    assertTrue(Files.notExists(directory.resolve("out/a.onnx")));
  }

  @Test
  void sixtySixWithoutAManifestAndForAMissingFile() throws Exception {
    assertExit(66, modelbake("bake"));
    manifest("file:a.onnx", MODEL);
    assertExit(66, modelbake("verify"));
  }

  @ParameterizedTest
  @CsvSource({"404,69", "410,69", "401,77", "403,77"})
  @FaultCase({20, 21, 22})
  void theStatusOfTheOnlySourceDecides(int status, int code) throws Exception {
    try (Origin origin = new Origin()) {
      manifest(origin.url("/status/" + status), MODEL);
      assertExit(code, modelbake("bake"));
    }
  }

  @Test
  @FaultCase({86, 110})
  void seventyWhenSomethingOfOursDoesNotLoad() throws Exception {
    byte[] zstd = HexFormat.of().parseHex("28b52ffd2400010000" + "99e9d851");
    source(zstd);
    manifest("file:a.onnx", zstd, "unpack: zst");
    Ended ended =
        Launcher.in(directory, "bake")
            .with("MODELBAKE_JAVA_OPTS", "-DZstdNativePath=/nonexistent/libzstd.so")
            .run();
    assertExit(70, ended);
    assertTrue(ended.err().contains("a bug in modelbake"), ended::toString);
  }

  @Test
  @FaultCase(121)
  void seventyThreeForAnUnknownOwner() throws Exception {
    source(MODEL);
    manifestOf("nobody-knows-me", "file:a.onnx", MODEL);
    Ended ended = modelbake("bake");
    assertExit(73, ended);
    assertTrue(ended.err().contains("useradd"), ended::toString);
  }

  @Test
  void seventyFourWhenTheReportCannotBeWritten() throws Exception {
    source(MODEL);
    manifest("file:a.onnx", MODEL);
    assertExit(74, modelbake("bake", "--report", "/dev/full"));
    assertExit(74, modelbake("bake", "--report", directory.resolve("no/such/dir/report.json")));
  }

  @Test
  void seventyFiveWhenAnotherTryMayHelp() throws Exception {
    try (Origin origin = new Origin()) {
      manifest(origin.url("/slow"), new byte[1 << 30]);
      assertExit(75, modelbake("bake", "--deadline", "2s"));
    }
  }

  @Test
  void seventyEightForAManifestThatIsWrong() throws Exception {
    manifest("file:a.onnx", MODEL, "szie: 3");
    Ended ended = modelbake("bake");
    assertExit(78, ended);
    assertTrue(ended.err().contains("models.yaml:10:9"), ended::toString);
    assertTrue(ended.err().contains("size"), ended::toString);
  }

  @Test
  void seventyNineForAnArchiveThatLeavesItsDirectory() throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      zip.putNextEntry(new ZipEntry("../escaped"));
      zip.write(MODEL);
    }
    source(bytes.toByteArray());
    manifest("file:a.onnx", bytes.toByteArray(), "unpack: zip");
    assertExit(79, modelbake("bake"));
    try (Stream<Path> left = Files.walk(directory)) {
      assertTrue(left.noneMatch(path -> path.endsWith("escaped")));
    }
    assertTrue(Files.notExists(directory.resolve("out")));
  }

  @ParameterizedTest
  @CsvSource({"TERM,143", "INT,130", "HUP,129"})
  @FaultCase(107)
  void aSignalEndsTheRunInOrder(String signal, int code) throws Exception {
    try (Origin origin = new Origin()) {
      manifest(origin.url("/slow"), new byte[1 << 30]);
      Path log = directory.resolve("log");
      // A test runner in the background may have signals ignored, and children inherit that.
      Process process =
          Program.of("env", "--default-signal")
              .and(Launcher.PROGRAM, "bake", "-v")
              .in(directory)
              .builder()
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .start();
      try {
        while (process.isAlive() && !Files.readString(log).contains("trying")) {
          Thread.sleep(20);
        }
        Program.of("kill", "-" + signal, process.pid()).run().ok();
        assertTrue(process.waitFor(1, TimeUnit.MINUTES));
        assertEquals(code, process.exitValue(), () -> text(log));
        assertTrue(Files.notExists(directory.resolve("out")));
      } finally {
        process.destroyForcibly().waitFor();
      }
    }
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      return e.toString();
    }
  }
}
