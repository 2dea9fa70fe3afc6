package dev.modelbake.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.modelbake.image.Buildah.Layer;
import dev.modelbake.json.JsonException;
import dev.modelbake.testing.FaultCase;
import dev.modelbake.testing.Nginx;
import dev.modelbake.testing.Peers;
import dev.modelbake.testing.Program;
import dev.modelbake.testing.RealModels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Real image builds with the Dockerfile.example that users copy. */
class DockerfileIT {
  private static final String BASE = "localhost/base";

  /** Where buildah has its storage unless it is told otherwise, which matters to mount points. */
  private static final Path VAR = Path.of("/var/tmp");

  private static Path work;
  private static Path context;
  private static Buildah buildah;
  private static Nginx nginx;
  private static FaultServer faults;

  @BeforeAll
  static void startServersAndMakeTheBase() throws IOException {
    Peers.require("buildah", "debootstrap", "nginx");
    Peers.requireRoot();
    Path models = RealModels.folder();
    work = Files.createTempDirectory(Path.of("target").toAbsolutePath(), "images");
    context = Files.createDirectories(work.resolve("context"));
    Program.of("cp", "-a", "target/modelbake", context.resolve("modelbake")).run().ok();
    Files.copy(Path.of("Dockerfile.example"), context.resolve("Dockerfile"));
    buildah = new Buildah(Files.createTempDirectory(VAR, "modelbake-images"));
    buildah.load(BaseImage.tar(), BASE);
    nginx = Nginx.serving(models);
    faults = FaultServer.start();
  }

  @AfterAll
  static void stopServersAndRemoveImages() {
    if (faults != null) {
      faults.close();
    }
    if (nginx != null) {
      nginx.close();
    }
    if (buildah != null) {
      buildah.removeAll();
    }
    if (work != null) {
      Program.of("rm", "-rf", work).run().ok();
    }
  }

  @Test
  void theSimpleFormBakesForTheUserOfTheImage() throws IOException {
    write(
        manifest("owner: appuser", nginx.url())
            .replace("dir: /opt/models/vad", "dir: ~/.cache/vad"));
    build("simple", "simple", "--no-cache").ok();

    String home = "/home/appuser/.cache/vad";
    assertBaked("simple", home + "/silero_vad.onnx", "/opt/models/dlib/" + face());
    assertUsable("simple", home, "/opt/models", "/opt/models/dlib", "/opt/models/nltk/corpora");
    assertEquals("", buildah.run("simple", "0", "ls -A /mnt").out());
  }

  @Test
  void theStagedFormCarriesOwnersIntoTheFinalImage() throws IOException {
    write(manifest("owner: 1000", nginx.url()));
    build("staged", "staged", "--no-cache").ok();

    assertBaked("staged", "/opt/models/vad/silero_vad.onnx", "/opt/models/dlib/" + face());
    assertUsable("staged", "/opt/models/vad", "/opt/models/dlib", "/opt/models/nltk/corpora");
    assertEquals("", buildah.run("staged", "0", "ls -d /opt/modelbake 2>/dev/null || :").out());
  }

  @Test
  void buildingTwiceGivesTheSameLayer() throws IOException, JsonException {
    write(manifest("owner: 1000", nginx.url()));
    build("first", "simple").ok();
    build("second", "simple", "--no-cache").ok();

    assertEquals(modelLayers("first"), modelLayers("second"));
    assertEquals(1, modelLayers("first").size(), "models are in one layer, not two");
  }

  @Test
  void buildingTheStagedFormTwiceWithAFixedTimeGivesTheSameLayer()
      throws IOException, JsonException {
    write(manifest("owner: 1000", nginx.url()));
    // COPY stamps the directories it makes; with a fixed time it has nothing of its own to add.
    build("one", "staged", "--no-cache", "--timestamp=946684800").ok();
    build("two", "staged", "--no-cache", "--timestamp=946684800").ok();

    assertEquals(modelLayers("one"), modelLayers("two"));
    assertEquals(1, modelLayers("one").size());
  }

  @Test
  @Tag("chaos")
  void aCommentInTheManifestChangesNoLayerWithModels() throws IOException, JsonException {
    write(manifest("owner: 1000", nginx.url()));
    build("plain", "simple").ok();
    write("# why these models\n" + manifest("owner: 1000", nginx.url()));
    build("commented", "simple").ok();

    assertEquals(modelLayers("plain"), modelLayers("commented"));
    assertNotEquals(buildah.layers("plain"), buildah.layers("commented"));
  }

  /** What `modelbake dockerfile` prints is built as it is. */
  @ParameterizedTest
  @ValueSource(strings = {"simple", "staged"})
  void thePrintedDockerfileBuilds(String form) throws IOException {
    write(manifest("env: {NLTK_DATA: /opt/models/nltk}", nginx.url()));
    Program.Ended printed =
        Program.of(context.resolve("modelbake/bin/modelbake"), "dockerfile", "--form", form)
            .in(context)
            .run()
            .ok();
    Files.writeString(context.resolve("Printed"), printed.out());
    buildah
        .command("build", "--layers")
        .and(
            "--file=" + context.resolve("Printed"),
            "--build-arg=PYTHON_IMAGE=" + BASE,
            "--build-arg=TOOL_IMAGE=" + BASE,
            "--build-arg=MODELBAKE=modelbake",
            "--tag=printed",
            context)
        .run()
        .ok();

    assertBaked("printed", "/opt/models/vad/silero_vad.onnx", "/opt/models/dlib/" + face());
    assertUsable("printed", "/opt/models/vad", "/opt/models/dlib");
    assertEquals(
        "/opt/models/nltk\n", buildah.run("printed", "1000", "echo $NLTK_DATA").ok().out());
  }

  /** The platform team's tool image has a site file; the team's Dockerfile has no flag for it. */
  @Test
  void theSiteFileOfTheToolImageNeedsNoFlag() throws IOException {
    Path mirror = work.resolve("mirror");
    write(manifest("owner: 1000", nginx.url()));
    Program.of(context.resolve("modelbake/bin/modelbake"), "mirror", "export", mirror)
        .in(context)
        .run()
        .ok();
    write(manifest("owner: 1000", "http://127.0.0.1:1").replace(nginx.url(), "http://127.0.0.1:1"));
    try (Nginx site = Nginx.serving(mirror)) {
      Files.writeString(
          context.resolve("site.yaml"),
          """
          mirrors: [%s]
          only-mirrors: true
          policy: {hosts: ["*.corp.example"]}
          """
              .formatted(site.url()));
      image(
          "localhost/platform/modelbake",
          """
          FROM localhost/base
          COPY modelbake /opt/modelbake
          COPY site.yaml /opt/modelbake/etc/site.yaml
          """);
      Program.Ended built =
          image(
              "team",
              """
              FROM localhost/platform/modelbake AS modelbake
              FROM localhost/base
              COPY models.yaml /etc/modelbake/models.yaml
              RUN --mount=type=bind,from=modelbake,source=/opt/modelbake,target=/mnt/modelbake \\
                  /mnt/modelbake/bin/modelbake bake /etc/modelbake/models.yaml
              """);
      assertTrue(built.all().contains("/mnt/modelbake/etc/site.yaml:1:"), built::toString);
      assertTrue(built.all().contains("only these hosts are asked: *.corp.example"));
    }
    assertBaked("team", "/opt/models/vad/silero_vad.onnx", "/opt/models/dlib/" + face());
  }

  private static Program.Ended image(String name, String dockerfile) throws IOException {
    Path file = Files.writeString(context.resolve("Other"), dockerfile);
    return buildah
        .command("build", "--layers", "--file=" + file, "--tag=" + name, context)
        .run()
        .ok();
  }

  @Test
  void aWrongDigestFailsTheBuild() throws IOException {
    write(
        manifest("owner: 1000", nginx.url())
            .replace(RealModels.SILERO.sha256, RealModels.SILERO.sha256.replace('1', '2')));

    assertFails(65, RealModels.SILERO.fileName, "sha256");
  }

  @ParameterizedTest
  @Tag("chaos")
  @EnumSource(FaultServer.Fault.class)
  @FaultCase(16)
  void anAnswerThatIsNotTheModelFailsTheBuild(FaultServer.Fault fault) throws IOException {
    write(manifest("owner: 1000", faults.url(fault)));

    assertFails(fault.exit(), RealModels.SILERO.fileName, fault.cause());
  }

  /** Three models: a plain file, one to be unpacked, an archive with two pinned members. */
  private static String manifest(String owner, String origin) {
    return """
        schema: modelbake/1
        %s
        models:
          - name: silero/vad
            dir: /opt/models/vad
            files:
              - {url: "%s/%s", sha256: %s, size: %d}
          - name: dlib/face-detector
            dir: /opt/models/dlib
            files:
              - url: %s/%s
                sha256: %s
                size: %d
                unpack: bz2
                unpacked:
                  sha256: be467b1a76f482693de3b0f6a1ff91d092319be71523d4d4b0628f6a53fcb87a
                  size: 729940
          - name: nltk/tagger
            dir: /opt/models/nltk
            files:
              - url: %s/%s
                sha256: %s
                size: %d
                unpack: zip
                path: corpora
                unpacked: %s
        """
        .formatted(
            owner,
            origin,
            RealModels.SILERO.fileName,
            RealModels.SILERO.sha256,
            RealModels.SILERO.size,
            nginx.url(),
            RealModels.MMOD.fileName,
            RealModels.MMOD.sha256,
            RealModels.MMOD.size,
            nginx.url(),
            RealModels.STOPWORDS.fileName,
            RealModels.STOPWORDS.sha256,
            RealModels.STOPWORDS.size,
            TreePin.of(RealModels.STOPWORDS.path()));
  }

  private static String face() {
    return RealModels.MMOD.fileName.replace(".bz2", "");
  }

  private static void write(String manifest) throws IOException {
    Path file = context.resolve("models.yaml");
    Files.writeString(file, manifest);
  }

  private static Program.Ended build(String image, String target, String... options) {
    return buildah
        .command("build", "--layers")
        .and((Object[]) options)
        .and(
            "--build-arg=PYTHON_IMAGE=" + BASE,
            "--build-arg=TOOL_IMAGE=" + BASE,
            "--build-arg=MODELBAKE=modelbake",
            "--target=" + target,
            "--tag=" + image,
            context)
        .run();
  }

  private static void assertBaked(String image, String... files) {
    for (String file : files) {
      assertEquals(
          "1000:1000 644 " + file + "\n",
          buildah.run(image, "0", "stat -c '%u:%g %a %n' " + file).ok().out());
    }
  }

  /** The run user reads every file and makes new ones beside them. */
  private static void assertUsable(String image, String... directories) {
    for (String directory : directories) {
      String script =
          "stat -c '%u:%g %a' DIR; find DIR -type f -exec cat {} + | wc -c; touch DIR/x; id -u"
              .replace("DIR", directory);
      List<String> lines =
          buildah.run(image, "1000:1000", script).ok().out().lines().map(String::strip).toList();
      assertEquals("1000:1000 755", lines.get(0), directory);
      assertTrue(Long.parseLong(lines.get(1)) > 0, directory);
      assertEquals("1000", lines.get(2));
    }
  }

  private static List<String> modelLayers(String image) throws IOException, JsonException {
    return buildah.layers(image).stream()
        .filter(layer -> layer.hasFilesBelow("opt/models"))
        .map(Layer::digest)
        .toList();
  }

  private static void assertFails(int exit, String... causes) {
    Program.Ended ended = build("failed", "simple");

    assertEquals(exit, ended.exit(), ended.toString());
    assertFalse(buildah.has("failed"));
    List<String> lines = ended.all().lines().toList();
    String tail = String.join("\n", lines.subList(Math.max(0, lines.size() - 10), lines.size()));
    for (String cause : causes) {
      assertTrue(tail.contains(cause), () -> "no word of '" + cause + "' in\n" + tail);
    }
  }
}
