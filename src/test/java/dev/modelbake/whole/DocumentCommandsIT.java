package dev.modelbake.whole;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.modelbake.model.Digest;
import dev.modelbake.testing.CodeBlock;
import dev.modelbake.testing.DockerRegistry;
import dev.modelbake.testing.Document;
import dev.modelbake.testing.Nginx;
import dev.modelbake.testing.Peers;
import dev.modelbake.testing.Program;
import dev.modelbake.testing.Program.Ended;
import dev.modelbake.testing.ShippedMirror;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Runs the commands of every document, one block after the other, in a directory with what readers
 * have: manifests, keys, a warm-up, a server, a registry. What cannot be run here says so in its
 * document.
 */
class DocumentCommandsIT {
  private static final int LARGE = 12 << 20;

  @TempDir static Path shelf;
  @TempDir Path directory;

  private static Nginx origin;
  private static Nginx shipped;
  private static DockerRegistry registry;

  static Stream<Document> documents() throws IOException {
    return Document.all().stream()
        .filter(document -> document.blocks().stream().anyMatch(DocumentCommandsIT::isRunHere));
  }

  private static boolean isRunHere(CodeBlock block) {
    return block.isShell() && block.notRun().isEmpty() && block.runBy().isEmpty();
  }

  @BeforeAll
  static void start() throws IOException {
    Peers.require("nginx", "docker-registry", "skopeo", "minisign", "openssl", "rclone", "python3");
    Path files = Files.createDirectories(shelf.resolve("origin"));
    byte[] large = new byte[LARGE];
    new Random(5).nextBytes(large);
    Files.write(files.resolve("weights.bin"), large);
    Files.writeString(files.resolve("config.json"), "{}");
    ShippedMirror.export(Launcher.PROGRAM, shelf.resolve("shipped"));
    origin = Nginx.serving(files);
    shipped = Nginx.serving(shelf.resolve("shipped"));
    registry = DockerRegistry.open();
  }

  @AfterAll
  static void end() {
    for (AutoCloseable server : new AutoCloseable[] {registry, shipped, origin}) {
      if (server != null) {
        try {
          server.close();
        } catch (Exception e) {
          throw new AssertionError(e);
        }
      }
    }
  }

  @BeforeEach
  void prepare() throws IOException {
    manifest("models.yaml", "org/one", "weights.bin", "config.json");
    manifest("other.yaml", "org/two", "config.json");
    write("site-of-tests.yaml", "mirrors: [%s]\n".formatted(shipped.url()));
    write(
        "warm_up.py",
        """
        import os, urllib.request
        path = os.path.expanduser("~/.cache/demo/weights.bin")
        if not os.path.exists(path):
            os.makedirs(os.path.dirname(path), exist_ok=True)
            urllib.request.urlretrieve("%s/weights.bin", path)
        """
            .formatted(origin.url()));
    write("bin/modelbake", "#!/bin/sh\nexec '%s' \"$@\"\n".formatted(Launcher.PROGRAM));
    // Registries on loopback speak plain http.
    write(
        "bin/skopeo",
        """
        #!/bin/sh
        PATH=${PATH#*:}
        command=$1; shift
        exec skopeo "$command" --src-tls-verify=false --dest-tls-verify=false "$@"
        """);
    Program.of("chmod", "-R", "755", directory.resolve("bin")).run().ok();
    Program.of("minisign", "-G", "-W", "-p", "site.pub", "-s", "site.key").in(directory).run().ok();
    Program.of("openssl", "ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", "ec.key")
        .in(directory)
        .run()
        .ok();
    Files.createDirectories(directory.resolve("home"));
    Files.createSymbolicLink(directory.resolve("target"), Path.of("target").toAbsolutePath());
    Launcher.in(directory, "bake", "--store", "store", "--root", directory, "models.yaml")
        .run()
        .ok();
  }

  private void manifest(String name, String model, String... files) throws IOException {
    StringBuilder entries = new StringBuilder();
    for (String file : files) {
      byte[] bytes = Files.readAllBytes(shelf.resolve("origin").resolve(file));
      entries.append(
          "      - {url: \"%s/%s\", sha256: %s, size: %d}\n"
              .formatted(origin.url(), file, Digest.ofBytes(bytes).hex(), bytes.length));
    }
    write(
        name,
        """
        schema: modelbake/1
        owner: self
        models:
          - name: %s
            license: Apache-2.0
            dir: %s
            files:
        %s"""
            .formatted(model, directory.resolve("image"), entries));
  }

  private void write(String name, String text) throws IOException {
    Path file = directory.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  @ParameterizedTest
  @MethodSource("documents")
  void theCommandsOfADocumentWork(Document document) throws IOException {
    Path served = Files.createDirectories(directory.resolve("srv/models"));
    try (Nginx server = Nginx.serving(served)) {
      for (CodeBlock block : document.blocks()) {
        if (block.file().isPresent()) {
          write(block.file().get(), block.text());
        }
        if (isRunHere(block)) {
          removeWhatIsMadeAnew(block);
          String script =
              block
                  .script()
                  .replace("/srv/models", served.toString())
                  .replace("/var/cache/modelbake", directory.resolve("store").toString())
                  .replace("registry.corp.example", registry.host())
                  .replace("http://models.corp.example:8080", server.url());
          Ended ended = shell(script).run();
          assertEquals(0, ended.exit(), () -> block + "\n" + script + ended);
        }
      }
    }
  }

  /** What is baked is baked again, and a command that makes a new file finds none. */
  private void removeWhatIsMadeAnew(CodeBlock block) throws IOException {
    Program.of("rm", "-rf", directory.resolve("image")).run().ok();
    for (List<String> call : block.calls()) {
      int option = call.indexOf("-o");
      if (option >= 0) {
        Files.deleteIfExists(directory.resolve(call.get(option + 1)));
      }
    }
  }

  private Program shell(String script) {
    return Program.of("bash", "-euo", "pipefail", "-c", script)
        .in(directory)
        .with(
            "PATH",
            String.join(
                ":",
                directory.resolve("bin").toString(),
                Path.of(System.getProperty("java.home"), "bin").toString(),
                System.getenv("PATH")))
        .with("HOME", directory.resolve("home").toString())
        .with("MODELBAKE_SITE", directory.resolve("site-of-tests.yaml").toString())
        .with("MODELBAKE_STORE", "")
        .with("RCLONE_CONFIG_REMOTE_TYPE", "local")
        .with("RCLONE_CONFIG", directory.resolve("rclone.conf").toString())
        .with("PYTHONDONTWRITEBYTECODE", "1")
        .with("http_proxy", "")
        .with("HTTP_PROXY", "")
        .with("https_proxy", "")
        .with("HTTPS_PROXY", "")
        .with("ALL_PROXY", "")
        .with("all_proxy", "");
  }
}
