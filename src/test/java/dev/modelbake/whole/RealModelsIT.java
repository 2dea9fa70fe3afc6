package dev.modelbake.whole;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.modelbake.testing.FaultCase;
import dev.modelbake.testing.Nginx;
import dev.modelbake.testing.Peers;
import dev.modelbake.testing.Program;
import dev.modelbake.testing.Program.Ended;
import dev.modelbake.testing.RealModels;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Six real files from a real server, past a dead mirror each, into three kinds of places. */
class RealModelsIT {
  private static final String MMOD_UNPACKED =
      "be467b1a76f482693de3b0f6a1ff91d092319be71523d4d4b0628f6a53fcb87a";
  private static final long SEED = 20_261_120;

  @TempDir Path directory;

  private Nginx nginx;

  @BeforeEach
  void begin() throws IOException {
    Peers.require("nginx", "tar");
    Peers.requireRoot();
    nginx = Nginx.serving(RealModels.folder());
    Files.writeString(directory.resolve("models.yaml"), manifest());
    // The user of the image must be able to walk to its files.
    Program.of("chmod", "755", directory).run().ok();
  }

  @AfterEach
  void end() {
    nginx.close();
  }

  private String manifest() throws IOException {
    return """
    schema: modelbake/1
    owner: 1000:1000
    home: %1$s/home
    env: {TORCH_HOME: %1$s/torch}
    models:
      - name: dlib/mmod
        dir: ~/.u2net
        files:
    %2$s
            unpack: bz2
            unpacked: {sha256: %8$s, size: 729940}
      - name: dlib/gender
        dir: ${TORCH_HOME}/hub/checkpoints
        files:
    %3$s
            unpack: bz2
      - name: tesseract/eng
        dir: %1$s/plain
        files:
    %4$s
      - name: silero/vad
        dir: ${TORCH_HOME}/hub/checkpoints
        files:
    %5$s
      - name: nltk/stopwords
        dir: %1$s/plain/nltk_data/corpora
        files:
    %6$s
            unpack: zip
      - name: nltk/tagger
        dir: %1$s/plain/nltk_data/taggers
        files:
    %7$s
            unpack: zip
    """
        .formatted(
            directory,
            entry(RealModels.MMOD),
            entry(RealModels.GENDER),
            entry(RealModels.ENG),
            entry(RealModels.SILERO),
            entry(RealModels.STOPWORDS),
            entry(RealModels.TAGGER),
            MMOD_UNPACKED);
  }

  private String entry(RealModels model) throws IOException {
    int dead;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      dead = socket.getLocalPort();
    }
    return """
          - url: http://127.0.0.1:%d/%s
            mirrors: [%s]
            sha256: %s
            size: %d"""
        .formatted(
            dead, model.fileName, nginx.url() + "/" + model.fileName, model.sha256, model.size)
        .indent(6)
        .stripTrailing();
  }

  private Ended modelbake(Object... arguments) {
    return Launcher.in(directory, arguments).run();
  }

  private static void assertExit(int code, Ended ended) {
    assertEquals(code, ended.exit(), ended::toString);
  }

  private List<Path> baked() throws IOException {
    List<Path> all = new ArrayList<>();
    for (String top : List.of("home", "torch", "plain")) {
      try (Stream<Path> below = Files.walk(directory.resolve(top))) {
        below.forEach(all::add);
      }
    }
    return all;
  }

  private byte[] tar() {
    Program.of("tar", "--sort=name", "-C", directory, "-cf", directory + "/tree.tar")
        .and("home", "torch", "plain")
        .run()
        .ok();
    try {
      return Files.readAllBytes(directory.resolve("tree.tar"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void allSixAreBakedForTheirUserAndProvenAgain() throws Exception {
    Ended first = modelbake("bake", "--receipt", "receipt.json");
    assertExit(0, first);
    assertTrue(first.err().contains("all 6 proven"), first::toString);
    for (Path path : baked()) {
      assertEquals(
          1000, Files.getAttribute(path, "unix:uid", LinkOption.NOFOLLOW_LINKS), "" + path);
      assertEquals(
          1000, Files.getAttribute(path, "unix:gid", LinkOption.NOFOLLOW_LINKS), "" + path);
      int mode = (int) Files.getAttribute(path, "unix:mode") & 07777;
      assertEquals(Files.isDirectory(path) ? 0755 : 0644, mode, path.toString());
      assertTrue(!path.getFileName().toString().equals(".modelbake"), path.toString());
    }
    assertEquals(729940, Files.size(directory.resolve("home/.u2net/mmod_human_face_detector.dat")));
    assertTrue(
        Files.exists(directory.resolve("plain/nltk_data/corpora/stopwords/german")), "a tree");
    assertExit(0, modelbake("verify", "--receipt", "receipt.json", "--as", "1000"));

    Path flipped = directory.resolve("plain/eng.traineddata");
    byte[] bytes = Files.readAllBytes(flipped);
    bytes[bytes.length / 2] ^= 1;
    Files.write(flipped, bytes);
    assertExit(65, modelbake("verify", "--receipt", "receipt.json"));
    Files.delete(flipped);
    assertExit(66, modelbake("verify", "--receipt", "receipt.json"));
  }

  @Test
  @FaultCase(19)
  void aSecondRunFetchesNothingThatIsPinnedWholeAndTheTreeStaysTheSame() throws Exception {
    assertExit(0, modelbake("bake"));
    byte[] once = tar();
    assertExit(0, modelbake("bake"));
    assertArrayEquals(once, tar(), "the second run changed something");
    Ended again = modelbake("bake", "--offline", "--only", "dlib/mmod", "--only", "*/[!g]*");
    assertNotEquals(0, again.exit(), "a selector with a set is not a glob here");
    Ended pinned =
        modelbake(
            "bake", "--offline", "--only", "dlib/mmod", "--only", "silero/*", "--only", "tess*");
    assertExit(0, pinned);
    assertTrue(pinned.err().contains("nothing to fetch: 3 of 3"), pinned::toString);
    assertExit(
        0, modelbake("verify", "--only", "dlib/mmod", "--only", "silero/*", "--only", "tess*"));
  }

  @Test
  void twoBakesOfOneManifestAreByteIdenticalAlsoWhenDirectoriesExistedBefore() throws Exception {
    Files.createDirectories(directory.resolve("plain"));
    Program.of("chown", "1000:1000", directory.resolve("plain")).run().ok();
    Program.of("touch", "-d", "2001-01-01", directory.resolve("plain")).run().ok();
    assertExit(0, modelbake("bake"));
    byte[] first = tar();
    Program.of("rm", "-rf", "home", "torch", "plain").in(directory).run().ok();
    Files.createDirectories(directory.resolve("plain"));
    Program.of("chown", "1000:1000", directory.resolve("plain")).run().ok();
    Program.of("touch", "-d", "2001-01-01", directory.resolve("plain")).run().ok();
    assertExit(0, modelbake("bake", "--jobs", "1"));
    assertArrayEquals(first, tar());
  }

  @Test
  @FaultCase(104)
  void killedAtTwentyRandomMomentsItKeepsItsPromise() throws Exception {
    Random random = new Random(SEED);
    for (int kill = 0; kill < 20; kill++) {
      Process process =
          Launcher.in(directory, "bake", "-q")
              .builder()
              .redirectErrorStream(true)
              .redirectOutput(directory.resolve("log").toFile())
              .start();
      process.waitFor(150 + random.nextInt(1200), TimeUnit.MILLISECONDS);
      process.destroyForcibly().waitFor();
      assertWholeOrAbsent("plain/eng.traineddata", RealModels.ENG.sha256);
      assertWholeOrAbsent("home/.u2net/mmod_human_face_detector.dat", MMOD_UNPACKED);
      assertWholeOrAbsent("torch/hub/checkpoints/silero_vad.onnx", RealModels.SILERO.sha256);
      if (kill % 5 == 4) {
        Program.of("rm", "-rf", "home", "torch", "plain").in(directory).run().ok();
      }
    }
    assertExit(0, modelbake("bake", "--receipt", "receipt.json"));
    assertExit(0, modelbake("verify", "--receipt", "receipt.json"));
    for (Path path : baked()) {
      assertTrue(!path.getFileName().toString().equals(".modelbake"), "left behind: " + path);
    }
    assertTrue(Files.notExists(directory.resolve(".modelbake")));
  }

  private void assertWholeOrAbsent(String path, String sha256) {
    Path file = directory.resolve(path);
    if (Files.exists(file)) {
      String line = Program.of("sha256sum", file).run().ok().out();
      assertTrue(line.startsWith(sha256), "half a file or a wrong one: " + line);
    }
  }

  @Test
  @FaultCase(149)
  void aTokenAndALocalSecretReachNoOutput() throws Exception {
    String token = "canary-token-7f3a9c";
    String secret = "canary-secret-51b2e8";
    Files.writeString(
        directory.resolve("headers"), nginx.url() + "/ Authorization: Bearer " + token + "\n");
    Files.writeString(directory.resolve("secret.txt"), secret + "\n");
    Files.writeString(
        directory.resolve("models.yaml"),
        """
        schema: modelbake/1
        owner: self
        models:
          - name: leak
            dir: %s/plain
            files:
              - {url: "file:secret.txt", sha256: %s, path: a}
              - {url: "%s/stopwords.zip?key=%s", sha256: %s, path: b}
        """
            .formatted(
                directory, RealModels.ENG.sha256, nginx.url(), token, RealModels.ENG.sha256));
    for (String progress : List.of("plain", "json", "tty")) {
      Ended ended =
          modelbake(
              "bake",
              "-vv",
              "--progress",
              progress,
              "--headers-file",
              "headers",
              "--report",
              "report.json");
      assertExit(65, ended);
      String all = ended.all() + Files.readString(directory.resolve("report.json"));
      assertTrue(!all.contains(token) && !all.contains(secret), ended::toString);
    }
    Ended plan = modelbake("plan", "-v", "--json");
    assertTrue(!plan.all().contains(token), plan::toString);
  }
}
