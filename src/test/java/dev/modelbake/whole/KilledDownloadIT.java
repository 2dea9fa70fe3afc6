package dev.modelbake.whole;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.modelbake.testing.FaultCase;
import dev.modelbake.testing.Program;
import dev.modelbake.testing.RangeScript;
import dev.modelbake.testing.RawServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Downloads that are killed with SIGKILL and started again. */
class KilledDownloadIT {
  private static final int SIZE = 192 << 20;
  private static final int CONNECTIONS = 8;
  private static final int SHARE = 8 << 20;
  private static final byte[] MODEL = new byte[SIZE];

  static {
    new Random(11).nextBytes(MODEL);
  }

  @TempDir Path directory;
  private final RangeScript origin = new RangeScript(MODEL, "\"v1\"");

  /** Serves ranges, slowly enough that a kill comes in the middle. */
  private RawServer slowly() {
    return RawServer.answering(
        connection -> {
          RangeScript.Asked asked = RangeScript.asked(connection.request(), SIZE);
          origin.head(connection, asked);
          for (int at = asked.from(); at < asked.to(); at += 256 << 10) {
            origin.send(connection, at, Math.min(at + (256 << 10), asked.to()));
            Thread.sleep(20);
          }
        });
  }

  private Program bake(String... more) {
    return Launcher.in(
            directory, "bake", "--connections", CONNECTIONS, "--progress", "none", "models.yaml")
        .and((Object[]) more);
  }

  private void manifest(RawServer server) throws Exception {
    String sha256 = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(MODEL));
    Files.writeString(
        directory.resolve("models.yaml"),
        """
        schema: modelbake/1
        owner: self
        models:
          - name: m
            dir: %s
            files:
              - {url: '%s', sha256: %s, size: %d}
        """
            .formatted(directory.resolve("out/m"), server.url("/model.bin"), sha256, SIZE));
  }

  /** Kills it when so many bytes are on their way. */
  private long killAt(long bytes, Program bake) throws Exception {
    long before = origin.sent();
    Process process = bake.builder().redirectErrorStream(true).start();
    while (origin.sent() - before < bytes && process.isAlive()) {
      Thread.sleep(1);
    }
    assertTrue(process.isAlive(), "killed too late");
    process.destroyForcibly().waitFor();
    return origin.sent() - before;
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  @FaultCase(104)
  void theNextRunBringsWhatWasMissingAndAtMostOneShareMoreForEachConnection(long seed)
      throws Exception {
    Random random = new Random(seed);
    try (RawServer server = slowly()) {
      manifest(server);
      long sent = killAt((16L << 20) + random.nextInt(SIZE - (64 << 20)), bake());
      assertFalse(Files.exists(directory.resolve("out")));
      long before = origin.sent();
      bake("--report", "report.json").run().ok();
      assertArrayEquals(MODEL, Files.readAllBytes(directory.resolve("out/m/model.bin")));
      long second = origin.sent() - before;
      assertTrue(
          second <= SIZE - sent + CONNECTIONS * SHARE,
          "%d sent at first, %d then".formatted(sent, second));
      long received = received();
      // What the origin still sent to the run that was killed is in its count, not in the report.
      assertTrue(
          received <= second && received > second - CONNECTIONS * (1L << 20),
          "%d received, %d sent".formatted(received, second));
      assertEquals(List.of("m"), names(directory.resolve("out")));
    }
  }

  @Test
  @FaultCase(108)
  void aStoreKeepsWhatAKilledRunBroughtAlsoForAnotherTarget() throws Exception {
    try (RawServer server = slowly()) {
      manifest(server);
      long sent = killAt(100 << 20, bake("--store", "cache"));
      Path other = Files.createDirectory(directory.resolve("root"));
      long before = origin.sent();
      bake("--store", "cache", "--root", other.toString()).run().ok();
      assertTrue(origin.sent() - before <= SIZE - sent + CONNECTIONS * SHARE);
      assertArrayEquals(
          MODEL,
          Files.readAllBytes(
              other.resolve(directory.resolve("out/m/model.bin").toString().substring(1))));
      assertEquals(List.of("lock"), names(directory.resolve("cache/.modelbake")));
    }
  }

  @Test
  void aRunThatIsAliveKeepsItsPartial() throws Exception {
    try (RawServer server = slowly()) {
      manifest(server);
      Process first = bake("--store", "cache").builder().redirectErrorStream(true).start();
      try {
        while (origin.sent() < 40 << 20) {
          Thread.sleep(1);
        }
        Path other = Files.createDirectory(directory.resolve("root"));
        bake("--store", "cache", "--root", other.toString()).run().ok();
        first.waitFor();
        assertEquals(0, first.exitValue());
      } finally {
        first.destroyForcibly().waitFor();
      }
    }
  }

  private long received() throws Exception {
    Matcher matcher =
        Pattern.compile("\"received\"\\s*:\\s*(\\d+)")
            .matcher(Files.readString(directory.resolve("report.json")));
    assertTrue(matcher.find());
    return Long.parseLong(matcher.group(1));
  }

  private static List<String> names(Path in) throws Exception {
    List<String> names = new ArrayList<>();
    try (var files = Files.list(in)) {
      files.forEach(file -> names.add(file.getFileName().toString()));
    }
    return names;
  }
}
