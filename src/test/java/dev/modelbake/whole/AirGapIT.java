package dev.modelbake.whole;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.modelbake.model.Digest;
import dev.modelbake.testing.DiskPicture;
import dev.modelbake.testing.DockerRegistry;
import dev.modelbake.testing.FakeRegistry;
import dev.modelbake.testing.FaultCase;
import dev.modelbake.testing.Mounts;
import dev.modelbake.testing.Nginx;
import dev.modelbake.testing.Peers;
import dev.modelbake.testing.Program;
import dev.modelbake.testing.Program.Ended;
import dev.modelbake.testing.TokenServer;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The three roads of docs/air-gap.md, with real registries, servers and tools. */
class AirGapIT {
  private static final int LARGE = 12 << 20;
  private static final String SKOPEO_COPY =
      "skopeo copy --src-tls-verify=false --dest-tls-verify=false";

  @TempDir Path directory;

  private Nginx origin;
  private byte[] large;

  @BeforeEach
  void start() throws IOException {
    Peers.require(
        "nginx", "docker-registry", "htpasswd", "skopeo", "minisign", "openssl", "rclone");
    Path files = Files.createDirectories(directory.resolve("origin"));
    large = new byte[LARGE];
    new Random(5).nextBytes(large);
    Files.write(files.resolve("weights.bin"), large);
    Files.writeString(files.resolve("config.json"), "{}");
    origin = Nginx.serving(files);
    manifest("models.yaml", "org/one", "weights.bin", "config.json");
    manifest("other.yaml", "org/two", "config.json");
  }

  @AfterEach
  void end() {
    origin.close();
  }

  private void manifest(String name, String model, String... files) throws IOException {
    StringBuilder entries = new StringBuilder();
    for (String file : files) {
      byte[] bytes = Files.readAllBytes(directory.resolve("origin").resolve(file));
      entries.append(
          "      - {url: \"%s/%s\", sha256: %s, size: %d}\n"
              .formatted(origin.url(), file, Digest.ofBytes(bytes).hex(), bytes.length));
    }
    Files.writeString(
        directory.resolve(name),
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

  private Program modelbake(Object... arguments) {
    return Launcher.in(directory, arguments).with("HOME", directory.toString());
  }

  private Path image(String file) {
    return directory.resolve("image").resolve(file);
  }

  private void export() {
    modelbake("mirror", "export", "usb", "models.yaml").run().ok();
  }

  /** Bakes where nothing but a mirror can be reached. */
  private void assertBakesFrom(String mirror) throws IOException {
    Program.of("rm", "-rf", directory.resolve("image")).run().ok();
    modelbake("bake", "--only-mirrors", "--mirror", mirror, "models.yaml").run().ok();
    assertArrayEquals(large, Files.readAllBytes(image("weights.bin")));
  }

  private Program shell(String command) {
    return Program.of("sh", "-ec", command)
        .in(directory)
        .with("HOME", directory.toString())
        .with("RCLONE_CONFIG_REMOTE_TYPE", "local")
        .with("RCLONE_CONFIG", directory.resolve("rclone.conf").toString());
  }

  @Test
  void skopeoCarriesADirectoryToARegistryAndBackWithTheSameDigests() throws IOException {
    export();
    try (DockerRegistry registry = DockerRegistry.open()) {
      String image = "docker://" + registry.host() + "/project/models:org--one";
      shell(SKOPEO_COPY + " oci:usb:org--one " + image).run().ok();
      shell(SKOPEO_COPY + " " + image + " oci:back:org--one").run().ok();
      assertEquals(
          DiskPicture.names(directory.resolve("usb/blobs")),
          DiskPicture.names(directory.resolve("back/blobs")));
      assertBakesFrom("oci://" + registry.host() + "/project/models");
      Ended pushed =
          modelbake("mirror", "push", "usb", "oci://" + registry.host() + "/project/models")
              .run()
              .ok();
      String raw = shell("skopeo inspect --raw --tls-verify=false " + image).run().ok().out();
      assertTrue(
          pushed.out().contains("org--one " + Digest.ofBytes(raw.getBytes(UTF_8))), pushed.out());
    }
  }

  @Test
  void aRegistryWithPasswordsIsLoggedInToAsOthersDo() throws IOException {
    export();
    try (DockerRegistry registry = DockerRegistry.withPassword("bob", "canary")) {
      String repository = "oci://" + registry.host() + "/models";
      Ended refused = modelbake("mirror", "push", "usb", repository).run();
      assertEquals(77, refused.exit(), refused::toString);
      Path auth = login(registry.host(), "bob:canary");
      Ended pushed =
          modelbake("mirror", "push", "usb", repository, "-v")
              .with("REGISTRY_AUTH_FILE", auth.toString())
              .run()
              .ok();
      assertFalse(pushed.all().contains("canary"), pushed::toString);
      Path docker = Files.createDirectories(directory.resolve(".docker"));
      Files.copy(auth, docker.resolve("config.json"));
      assertBakesFrom(repository);
      modelbake("mirror", "verify", repository).run().ok();
      Files.delete(docker.resolve("config.json"));
      login(registry.host(), "bob:wrong");
      Ended wrong =
          modelbake("mirror", "pull", repository, "pulled")
              .with("REGISTRY_AUTH_FILE", auth.toString())
              .run();
      assertEquals(77, wrong.exit(), wrong::toString);
    }
  }

  private Path login(String host, String both) throws IOException {
    String auth = Base64.getEncoder().encodeToString(both.getBytes(UTF_8));
    return Files.writeString(
        directory.resolve("auth.json"),
        "{\"auths\": {\"%s\": {\"auth\": \"%s\"}}}".formatted(host, auth));
  }

  @Test
  void aCredentialHelperIsAsked() throws IOException {
    export();
    Path bin = Files.createDirectories(directory.resolve("bin"));
    Path helper = bin.resolve("docker-credential-test");
    Files.writeString(
        helper,
        "#!/bin/sh\nread host\necho \"$1 $host\" >> '%s'\n".formatted(directory.resolve("asked"))
            // A run that is killed now leaves the secret in no file.
            + "[ -p /dev/stdout ] || exit 1\n"
            + "echo '{\"ServerURL\": \"x\", \"Username\": \"bob\", \"Secret\": \"canary\"}'\n");
    Program.of("chmod", "755", helper).run().ok();
    Path config = Files.createDirectories(directory.resolve("docker"));
    try (DockerRegistry registry = DockerRegistry.withPassword("bob", "canary")) {
      Files.writeString(
          config.resolve("config.json"),
          "{\"credHelpers\": {\"%s\": \"test\"}}".formatted(registry.host()));
      modelbake("mirror", "push", "usb", "oci://" + registry.host() + "/models")
          .with("DOCKER_CONFIG", config.toString())
          .with("PATH", bin + ":" + System.getenv("PATH"))
          .run()
          .ok();
      assertEquals("get " + registry.host() + "\n", Files.readString(directory.resolve("asked")));
      Files.writeString(helper, "#!/bin/sh\necho 'the agent is locked'\nexit 3\n");
      Program.Ended failed =
          modelbake("mirror", "verify", "oci://" + registry.host() + "/models")
              .with("DOCKER_CONFIG", config.toString())
              .with("PATH", bin + ":" + System.getenv("PATH"))
              .run();
      assertEquals(77, failed.exit(), failed::toString);
      assertTrue(failed.err().contains("docker-credential-test ended with 3"), failed::toString);
    }
  }

  @Test
  void aRegistryWithTokensGetsThemFromTheServerThatItNames() throws Exception {
    export();
    Path keys = Files.createDirectories(directory.resolve("keys"));
    try (TokenServer tokens = new TokenServer(keys, "bob", "canary");
        DockerRegistry registry = DockerRegistry.withTokens(tokens.configuration())) {
      String repository = "oci://" + registry.host() + "/project/models";
      assertEquals(77, modelbake("mirror", "push", "usb", repository).run().exit());
      Path docker = Files.createDirectories(directory.resolve(".docker"));
      Files.copy(login(registry.host(), "bob:canary"), docker.resolve("config.json"));
      modelbake("mirror", "push", "usb", repository).run().ok();
      assertEquals(List.of("repository:project/models:pull,push"), tokens.scopes);
      assertBakesFrom(repository);
      modelbake("mirror", "pull", repository, "pulled").run().ok();
      modelbake("mirror", "verify", repository).run().ok();
    }
  }

  @Test
  void aRegistryThatDiesInTheMiddleOfAPushIsGoneOnWith() throws IOException {
    export();
    AtomicInteger served = new AtomicInteger();
    try (FakeRegistry registry = new FakeRegistry()) {
      registry.fault(
          (exchange, request) -> {
            boolean dead = served.incrementAndGet() > 4;
            if (dead) {
              exchange.close();
            }
            return dead;
          });
      Ended cut =
          modelbake("mirror", "push", "usb", registry.repository(), "--deadline", "3s").run();
      assertEquals(75, cut.exit(), cut::toString);
      assertFalse(registry.manifests.containsKey("modelbake-index"));
      registry.fault((exchange, request) -> false);
      modelbake("mirror", "push", "usb", registry.repository()).run().ok();
      assertTrue(registry.manifests.containsKey("modelbake-index"));
    }
  }

  @Test
  void whatMinisignAndOpensslSignIsVerified() throws IOException {
    export();
    Program sh = Program.of("sh", "-ec").in(directory);
    sh.and("minisign -G -W -p site.pub -s site.key; minisign -G -W -p other.pub -s other.key")
        .run()
        .ok();
    Ended unsigned = modelbake("mirror", "verify", "usb", "--trusted-key", "site.pub").run();
    assertEquals(65, unsigned.exit());
    assertTrue(unsigned.err().contains("there is no signature"), unsigned.err());
    sh.and("minisign -S -s site.key -m usb/modelbake-index.json -t 'name:models counter:1'")
        .run()
        .ok();
    modelbake("mirror", "verify", "usb", "--trusted-key", "site.pub").run().ok();
    Ended other = modelbake("mirror", "verify", "usb", "--trusted-key", "other.pub").run();
    assertEquals(65, other.exit());
    assertTrue(other.err().contains("it is signed by the key"), other.err());
    Program.of("cp", "site.pub", "usb/").in(directory).run().ok();
    assertEquals(
        64,
        modelbake("mirror", "import", "usb", "x", "--trusted-key", "usb/site.pub").run().exit());
    for (String curve : List.of("prime256v1", "secp384r1")) {
      sh.and(
              "openssl ecparam -name "
                  + curve
                  + " -genkey -noout -out ec.key; openssl ec -in ec.key -pubout -out ec.pem;"
                  + " openssl dgst -sha256 -sign ec.key -out models.yaml.sig models.yaml")
          .run()
          .ok();
      modelbake("bake", "--trusted-key", "ec.pem", "models.yaml").run().ok();
    }
    Files.writeString(
        directory.resolve("models.yaml"),
        "# changed\n" + Files.readString(directory.resolve("models.yaml")));
    Ended changed = modelbake("bake", "--trusted-key", "ec.pem", "models.yaml").run();
    assertEquals(65, changed.exit());
    assertTrue(changed.err().contains("does not fit these bytes"), changed.err());
  }

  @Test
  void theProgramTravelsWithTheMirrorAndRunsFromThere() throws IOException {
    modelbake("mirror", "export", "usb", "--with-tool", "models.yaml").run().ok();
    Path carried = directory.resolve("usb/tool/modelbake/bin/modelbake");
    Program.of(carried, "mirror", "verify", "usb").in(directory).run().ok();
    Files.writeString(carried, "#!/bin/sh\necho all is well\n");
    Ended changed = modelbake("mirror", "verify", "usb").run();
    assertEquals(65, changed.exit());
    assertTrue(changed.err().contains("the program on it is not the one"), changed.err());
  }

  @Test
  @FaultCase(118)
  void twoRunsThatShareAStoreBringEachFileOnce() throws Exception {
    AtomicInteger asked = new AtomicInteger();
    try (FakeRegistry slow = new FakeRegistry()) {
      slow.fault(
          (exchange, request) -> {
            asked.incrementAndGet();
            exchange.sendResponseHeaders(200, large.length);
            try (exchange;
                OutputStream out = exchange.getResponseBody()) {
              for (int i = 0; i < large.length; i += 1 << 20) {
                out.write(large, i, 1 << 20);
                out.flush();
                Thread.sleep(100);
              }
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
            return true;
          });
      String url = "http://" + slow.host() + "/weights.bin";
      Files.writeString(
          directory.resolve("slow.yaml"),
          Files.readString(directory.resolve("models.yaml"))
              .replace(origin.url() + "/weights.bin", url));
      List<Process> runs = new ArrayList<>();
      for (String root : List.of("r1", "r2", "r3")) {
        Files.createDirectories(directory.resolve(root));
        runs.add(
            modelbake("bake", "--store", "store", "--connections", "1", "--root", root, "slow.yaml")
                .builder()
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve(root + ".log").toFile())
                .start());
      }
      for (Process run : runs) {
        assertEquals(0, run.waitFor(), "a run failed");
      }
      assertEquals(1, asked.get());
    }
  }

  @Test
  void gcWaitsForARunThatUsesTheStore() throws IOException {
    modelbake("bake", "--store", "store", "models.yaml").run().ok();
    Ended dry = modelbake("gc", "store", "--dry-run", "other.yaml").run().ok();
    assertEquals(1, dry.out().lines().count(), dry::toString);
    modelbake("gc", "store", "other.yaml").run().ok();
    try (Stream<Path> blobs = Files.list(directory.resolve("store/blobs/sha256"))) {
      assertEquals(1, blobs.count());
    }
  }

  @Test
  void aFullDiskIsToldAndLeavesNoIndex() throws Exception {
    Mounts mounts = Mounts.asRoot();
    Path small = directory.resolve("small");
    try {
      mounts.memory(small, "size=6m");
      Ended full = modelbake("mirror", "export", small.resolve("usb"), "models.yaml").run();
      assertEquals(74, full.exit(), full::toString);
      assertFalse(Files.exists(small.resolve("usb/modelbake-index.json")));
      export();
      full = modelbake("mirror", "import", "usb", small.resolve("other")).run();
      assertEquals(74, full.exit(), full::toString);
      assertFalse(Files.exists(small.resolve("other/modelbake-index.json")));
    } finally {
      mounts.takeBack();
    }
  }
}
