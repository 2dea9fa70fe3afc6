package dev.modelbake.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.modelbake.testing.Peers;
import dev.modelbake.testing.Program;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Steps of image builds that record a warm-up and guard it; bash is what downloads there. */
class GuardImageIT {
  private static final String TOOL =
      "RUN --mount=type=bind,source=modelbake,target=/mnt/modelbake /mnt/modelbake/bin/modelbake ";

  private static Path work;
  private static Path context;
  private static Buildah buildah;

  @BeforeAll
  static void makeTheBase() throws IOException {
    Peers.require("buildah", "debootstrap", "unshare", "ip");
    Peers.requireRoot();
    work = Files.createTempDirectory(Path.of("target").toAbsolutePath(), "images");
    context = Files.createDirectories(work.resolve("context"));
    Program.of("cp", "-a", "target/modelbake", context.resolve("modelbake")).run().ok();
    buildah = new Buildah(work.resolve("storage"));
    buildah.load(BaseImage.tar(), "localhost/base");
    Files.writeString(
        context.resolve("warm_up.sh"),
        """
        # warm_up.sh HOST PORT http://HOST:PORT/PATH: as a library, fetches what is not there
        set -e
        [ ! -e /opt/models/a.onnx ] || exit 0
        mkdir -p /opt/models
        exec 3<>/dev/tcp/$1/$2
        printf 'GET /a.onnx HTTP/1.0\\r\\nHost: %s\\r\\n\\r\\n' "$1" >&3
        while IFS= read -r line <&3 && [ "$line" != $'\\r' ]; do :; done
        head -c 7 <&3 > /opt/models/a.onnx
        sleep 0.3
        """);
  }

  @AfterAll
  static void removeImages() {
    if (buildah != null) {
      buildah.removeAll();
    }
    if (work != null) {
      Program.of("rm", "-rf", work).run().ok();
    }
  }

  private static Program build(String base, String steps) throws IOException {
    Files.writeString(context.resolve("Dockerfile"), "FROM " + base + "\n" + steps);
    return buildah.command("build", "--tag=localhost/built", context);
  }

  /** As {@code RUN --network=none} does where the builder knows it. */
  private static Program alone(Program build) {
    return new Program(
        Stream.concat(
                Stream.of("unshare", "--net", "sh", "-c", "ip link set lo up; exec \"$@\"", "sh"),
                build.command().stream())
            .toList(),
        build.environment(),
        build.directory());
  }

  @Test
  void aStepRecordsAndTheNextProvesThatNothingReachesOut() throws IOException {
    try (MockWebServer origin = new MockWebServer()) {
      origin.setDispatcher(
          new Dispatcher() {
            @Override
            public MockResponse dispatch(RecordedRequest request) {
              return new MockResponse.Builder().body("a model").build();
            }
          });
      origin.start();
      String warmUp =
          "bash /warm_up.sh 127.0.0.1 %1$d http://127.0.0.1:%1$d/a.onnx\n"
              .formatted(origin.getPort());
      Program.Ended recorded =
          build(
                  "localhost/base",
                  "COPY warm_up.sh /warm_up.sh\n"
                      + TOOL
                      + "record -o /models.yaml --watch /opt/models -- "
                      + warmUp)
              .run();
      assertEquals(0, recorded.exit(), recorded::toString);
      assertTrue(recorded.all().contains("recorded 1 file in 1 model"), recorded::toString);
      Program.Ended guarded =
          alone(build("localhost/built", TOOL + "guard --require proof -- " + warmUp)).run();
      assertEquals(0, guarded.exit(), guarded::toString);
      assertTrue(guarded.all().contains("proof: no route leads out of here"), guarded::toString);
    }
    String manifest = buildah.run("localhost/built", "0", "cat /models.yaml").ok().out();
    assertTrue(manifest.contains("dir: /opt/models\n"), manifest);
    assertTrue(manifest.contains("size: 7\n"), manifest);
  }

  @Test
  void aStepThatReachesOutFailsTheBuildAndSaysSoAtItsEnd() throws IOException {
    Program.Ended built =
        alone(
                build(
                    "localhost/base",
                    TOOL + "guard -- bash -c 'exec 3<>/dev/tcp/192.0.2.1/80 || true'\n"))
            .run();
    assertTrue(built.exit() != 0, built::toString);
    assertTrue(built.all().contains("79"), built::toString);
    assertTrue(built.all().contains("error: running bash"), built::toString);
  }
}
