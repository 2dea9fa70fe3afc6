package dev.modelbake.whole;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.modelbake.bake.ModelBake;
import dev.modelbake.model.Digest;
import dev.modelbake.testing.Peers;
import dev.modelbake.testing.Program;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import okio.Buffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The libraries themselves read what was baked for them, with the network refused. */
class LibrariesIT {
  private static final String COMMIT = "1110a243fdf4706b3f48f1d95db1a4f5529b4d41";
  private static final String PYTHON = "/usr/bin/python3";

  @TempDir Path work;
  private final MockWebServer server = new MockWebServer();
  private final Map<String, byte[]> served = new TreeMap<>();

  @BeforeEach
  void serve() throws IOException {
    server.setDispatcher(
        new Dispatcher() {
          @Override
          public MockResponse dispatch(RecordedRequest request) {
            byte[] body = served.get(request.getUrl().encodedPath());
            return body == null
                ? new MockResponse.Builder().code(404).build()
                : new MockResponse.Builder().body(new Buffer().write(body)).build();
          }
        });
    server.start();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private String origin() {
    return "http://127.0.0.1:" + server.getPort();
  }

  private void bake(String manifest, Map<String, String> environment) throws IOException {
    Path file = Files.writeString(work.resolve("models.yaml"), manifest);
    Map<String, String> variables = new TreeMap<>(environment);
    variables.put("HF_ENDPOINT", origin());
    variables.put("HOME", work.toString());
    ModelBake.manifest(file).owner("self").environment(variables).bake();
  }

  /** A program without any network. */
  private static Program alone(Object... command) {
    return Program.of("unshare", "--net").and(command);
  }

  private static String sha256(byte[] bytes) {
    return Digest.ofBytes(bytes).hex();
  }

  /**
   * {@code scanCacheDir} of the hub's JavaScript library walks refs, snapshots, links and blobs; of
   * a snapshot it looks at the top alone.
   */
  @Test
  void theHubsOwnScannerFindsRepositoryCommitRefAndFiles() throws IOException {
    Path modules = Path.of(System.getProperty("modelbake.test.peers", "target/peers"));
    Peers.require("node", "unshare");
    Peers.requireRoot();
    Peers.requireFile(modules.resolve("node_modules/@huggingface/hub/package.json"));
    byte[] config = "{}".getBytes(StandardCharsets.UTF_8);
    byte[] weights = "weights".getBytes(StandardCharsets.UTF_8);
    served.put("/org/name/resolve/" + COMMIT + "/config.json", config);
    served.put("/org/name/resolve/" + COMMIT + "/model.safetensors", weights);
    bake(
        """
        schema: modelbake/1
        models:
          - name: org/name
            huggingface: {repo: org/name, revision: %s, ref: main}
            files:
              - {path: config.json, sha256: %s, size: 2}
              - {path: model.safetensors, sha256: %s, size: 7, lfs: true}
        """
            .formatted(COMMIT, sha256(config), sha256(weights)),
        Map.of("HF_HOME", work.resolve("hf").toString()));
    Path script =
        Files.writeString(
            work.resolve("scan.mjs"),
            """
            import { createRequire } from "node:module";
            const { scanCacheDir } = createRequire(process.argv[2] + "/x.js")("@huggingface/hub");
            const found = await scanCacheDir(process.argv[3]);
            for (const repo of found.repos) {
              console.log(repo.id.type, repo.id.name, repo.filesCount, repo.size);
              for (const revision of repo.revisions) {
                console.log(revision.commitOid, revision.refs.join());
                for (const file of revision.files) {
                  console.log(file.path.split("snapshots/")[1], file.blob.size);
                }
              }
            }
            console.log("warnings", found.warnings.length);
            """);
    Program.Ended ended =
        alone("node", script, modules.toAbsolutePath(), work.resolve("hf/hub")).run().ok();
    assertEquals(
        """
        model org/name 2 9
        %1$s main
        %1$s/config.json 2
        %1$s/model.safetensors 7
        warnings 0
        """
            .formatted(COMMIT),
        ended.out());
  }

  @Test
  void torchLoadsABakedCheckpointByItsUrl() throws IOException {
    Peers.requirePython(PYTHON, "torch");
    Peers.requireRoot();
    Path checkpoint = work.resolve("made.pth");
    Program.of(
            PYTHON,
            "-c",
            "import sys, torch; torch.save({'weight': torch.tensor([1.0, 2.5])}, sys.argv[1])",
            checkpoint)
        .run()
        .ok();
    byte[] bytes = Files.readAllBytes(checkpoint);
    String name = "net-" + sha256(bytes).substring(0, 8) + ".pth";
    served.put("/models/" + name, bytes);
    Path home = work.resolve("torch");
    bake(
        """
        schema: modelbake/1
        models:
          - name: torchvision/net
            dir: ${TORCH_HOME}/hub/checkpoints
            files: [{url: "%s/models/%s", sha256: %s, size: %d}]
        """
            .formatted(origin(), name, sha256(bytes), bytes.length),
        Map.of("TORCH_HOME", home.toString()));
    Program.Ended ended =
        alone(
                PYTHON,
                "-c",
                "import sys, torch; print(torch.hub.load_state_dict_from_url(sys.argv[1],"
                    + " check_hash=True)['weight'].tolist())",
                "https://download.example/models/" + name)
            .with("TORCH_HOME", home.toString())
            .run()
            .ok();
    assertEquals("[1.0, 2.5]\n", ended.out());
  }

  @Test
  void poochAcceptsABakedFileWithoutADownload() throws IOException {
    Peers.requirePython(PYTHON, "pooch");
    Peers.requireRoot();
    byte[] bytes = "a model".getBytes(StandardCharsets.UTF_8);
    served.put("/u2net.onnx", bytes);
    Path home = work.resolve("u2net");
    bake(
        """
        schema: modelbake/1
        models:
          - name: rembg/u2net
            dir: ${U2NET_HOME}
            files: [{url: "%s/u2net.onnx", sha256: %s, size: %d}]
        """
            .formatted(origin(), sha256(bytes), bytes.length),
        Map.of("U2NET_HOME", home.toString()));
    Program.Ended ended =
        alone(
                PYTHON,
                "-c",
                "import sys, pooch; print(pooch.retrieve(url=sys.argv[1], known_hash=sys.argv[2],"
                    + " path=sys.argv[3], fname='u2net.onnx'))",
                "https://download.example/u2net.onnx",
                "sha256:" + sha256(bytes),
                home)
            .run()
            .ok();
    assertEquals(home.resolve("u2net.onnx") + "\n", ended.out());
  }
}
