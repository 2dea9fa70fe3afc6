package dev.modelbake.whole;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.modelbake.model.Digest;
import dev.modelbake.testing.FakeRegistry;
import dev.modelbake.testing.FaultCase;
import dev.modelbake.testing.Peers;
import dev.modelbake.testing.Program;
import dev.modelbake.testing.Program.Ended;
import dev.modelbake.testing.RawServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Text of others is made visible before it is printed: no escape, no end of a line, no direction
 * mark of theirs reaches a terminal, a log or a document, wherever it comes from.
 */
@FaultCase({161, 162})
class TerminalIT {
  private static final byte[] MODEL = "weights".getBytes(UTF_8);
  private static final List<List<String>> VERBOSITIES =
      List.of(
          List.of("-q"),
          List.of(),
          List.of("-vv"),
          List.of("-vv", "--progress", "json"),
          List.of("-vv", "--progress", "tty"));

  @TempDir Path directory;

  private Path work;

  @BeforeEach
  void begin() throws IOException {
    work = Files.createDirectories(directory.resolve("work"));
    Files.write(directory.resolve("a.onnx"), MODEL);
  }

  private Ended run(List<String> command, Map<String, String> environment) throws IOException {
    Program program = Launcher.in(directory, command.toArray()).with("HF_TOKEN", "");
    for (Map.Entry<String, String> one : environment.entrySet()) {
      program = program.with(one.getKey(), one.getValue());
    }
    Ended ended = program.run();
    assertClean(command + " " + environment, ended);
    assertNotEquals(70, ended.exit(), ended::toString);
    return ended;
  }

  private void assertClean(String what, Ended ended) throws IOException {
    List<String> found = new ArrayList<>(Foreign.in("stdout", ended.out()));
    boolean drawn = what.contains("tty");
    found.addAll(drawn ? Foreign.drawn("stderr", ended.err()) : Foreign.in("stderr", ended.err()));
    Path report = work.resolve("report");
    if (Files.exists(report)) {
      found.addAll(Foreign.in("report", Files.readString(report)));
      Files.delete(report);
    }
    Foreign.assertNone(what + "\n" + Foreign.quoted(ended.toString()), found);
  }

  private Ended run(String... command) throws IOException {
    return run(List.of(command), Map.of());
  }

  private static List<String> joined(List<String> one, List<String> other) {
    List<String> all = new ArrayList<>(one);
    all.addAll(other);
    return all;
  }

  private String manifest(String files) throws IOException {
    return Files.writeString(
            directory.resolve("models.yaml"),
            "schema: modelbake/1\nowner: self\nmodels:\n  - name: m\n    dir: %s/out\n    files:\n%s"
                .formatted(work, files))
        .toString();
  }

  private static String pinned(byte[] bytes) {
    return "sha256: %s, size: %d".formatted(Digest.ofBytes(bytes).hex(), bytes.length);
  }

  private String plain() throws IOException {
    return manifest("      - {url: \"file:a.onnx\", " + pinned(MODEL) + "}\n");
  }

  @Test
  @Tag("chaos")
  void whatServersSayIsMadeVisible() throws IOException {
    try (EchoingServer server = EchoingServer.saying(Foreign.LINE)) {
      StringBuilder files = new StringBuilder();
      for (String manner : EchoingServer.FINAL) {
        files.append(
            "      - {url: \"%s\", path: \"%s\", %s}\n"
                .formatted(server.url("/" + manner + "/a"), manner, pinned(MODEL)));
      }
      String manifest = manifest(files.toString());
      List<String> bake =
          List.of("bake", manifest, "--deadline", "3s", "--report", work + "/report");
      for (List<String> verbosity : VERBOSITIES) {
        run(joined(bake, verbosity), Map.of());
        run(joined(bake, verbosity), Map.of("HF_ENDPOINT", server.url("")));
      }
      run("mirror", "export", "-vv", "--deadline", "3s", work + "/m", manifest);
      run("pin", "-vv", "--deadline", "3s", "--repin", "*", manifest);
      run("pin", "--deadline", "3s", "--check", manifest);
      String temporary =
          manifest("      - {url: \"%s\", %s}\n".formatted(server.url("/500/a"), pinned(MODEL)));
      run("bake", "-vv", "--deadline", "3s", temporary);
      for (String manner : List.of("wrong", "403", "right", "xml")) {
        run("mirror", "import", "-vv", "--deadline", "3s", server.url("/" + manner), work + "/i");
        run("mirror", "verify", "--deadline", "3s", server.url("/" + manner));
      }
    }
  }

  @Test
  void onATerminalOnlyOurOwnEscapesAreWritten() throws IOException {
    Peers.require("script");
    try (EchoingServer server = EchoingServer.saying(Foreign.LINE)) {
      String files =
          "      - {url: \"%s\", path: a, %s}\n      - {url: \"%s\", path: b, %s}\n"
              .formatted(
                  server.url("/silent/a"), pinned(MODEL), server.url("/wrong/a"), pinned(MODEL));
      String manifest = manifest(files);
      Path script =
          Files.writeString(
              directory.resolve("run.sh"),
              "exec %s bake -vv --deadline 4s %s\n".formatted(Launcher.PROGRAM, manifest));
      Ended ended =
          Program.of("script", "-qec", "sh " + script, "/dev/null")
              .with("TERM", "xterm")
              .with("NO_COLOR", "")
              .run();
      assertTrue(ended.out().contains("\u001b[K"), "no bar was drawn: " + ended);
      Foreign.assertNone(Foreign.quoted(ended.out()), Foreign.drawn("terminal", ended.out()));
    }
  }

  @Test
  @Tag("chaos")
  void whatAHubSaysIsMadeVisible() throws IOException {
    String evil = Foreign.quoted(Foreign.LINES);
    List<String> answers =
        List.of(
            "{\"sha\":\"%1$s\",\"siblings\":[{\"rfilename\":%2$s,\"size\":1}]}",
            "{\"sha\":%2$s,\"siblings\":[]}",
            "{\"id\":%2$s,\"sha\":\"%1$s\",\"cardData\":{\"license\":%2$s},\"tags\":[\"license:\" ,%2$s],\"siblings\":[{\"rfilename\":\"a\",\"size\":1,\"blobId\":\"%1$s\"}]}",
            "{\"error\":%2$s}",
            "[%2$s",
            "{%2$s:1,%2$s:2}");
    for (String answer : answers) {
      String json = answer.formatted("0".repeat(40), evil);
      for (String status : List.of("200 OK", "404 " + Foreign.LINE, "403 x")) {
        String head =
            "HTTP/1.1 %s\r\nX-Error-Code: GatedRepo\r\nX-Error-Message: %s\r\nContent-Length: %d\r\n\r\n"
                .formatted(status, Foreign.LINE, json.length());
        try (RawServer hub =
            RawServer.answering(connection -> connection.send((head + json).getBytes(UTF_8)))) {
          run(
              List.of("pin", "-vv", "hf:org/name@main", "--deadline", "5s"),
              Map.of("HF_ENDPOINT", hub.url("")));
        }
      }
    }
  }

  @Test
  @Tag("chaos")
  void whatARegistrySaysIsMadeVisible() throws IOException {
    String mirror = work + "/m";
    run("mirror", "export", mirror, plain());
    String evil = Foreign.quoted(Foreign.LINES);
    try (FakeRegistry registry = new FakeRegistry()) {
      for (int status : List.of(200, 400, 401, 403, 404, 500)) {
        registry.fault(
            (exchange, request) -> {
              exchange.getResponseHeaders().add("Docker-Content-Digest", Foreign.LINE);
              exchange
                  .getResponseHeaders()
                  .add("WWW-Authenticate", "Bearer realm=\"" + Foreign.LINE + "\"");
              exchange.getResponseHeaders().add("Location", Foreign.LINE);
              String json =
                  "{\"errors\":[{\"code\":%1$s,\"message\":%1$s}],%1$s:%1$s,\"schemaVersion\":2,\"mediaType\":%1$s,\"token\":%1$s}"
                      .formatted(evil);
              FakeRegistry.send(exchange, status, json.getBytes(UTF_8));
              return true;
            });
        String oci = registry.repository();
        run("mirror", "push", "-vv", "--deadline", "4s", mirror, oci);
        run("mirror", "pull", "-vv", "--deadline", "4s", oci, work + "/p");
        run("mirror", "verify", "--deadline", "4s", oci);
        run("bake", "-vv", "--deadline", "4s", "--only-mirrors", "--mirror", oci, plain());
      }
    }
  }

  @Test
  void namesInAnArchiveAreMadeVisible() throws IOException {
    Peers.require("python3");
    ByteArrayOutputStream zip = new ByteArrayOutputStream();
    try (ZipOutputStream out = new ZipOutputStream(zip)) {
      out.putNextEntry(new ZipEntry(Foreign.LINES));
      out.write(MODEL);
    }
    Path tar = directory.resolve("evil.tar");
    String python =
        "import tarfile,io,sys\nt=tarfile.open(sys.argv[1],'w')\ni=tarfile.TarInfo(sys.argv[2])\n"
            + "i.size=1\nt.addfile(i,io.BytesIO(b'x'))\nt.close()";
    Program.of("python3", "-c", python, tar, Foreign.LINES).run().ok();
    Map<String, byte[]> archives = Map.of("zip", zip.toByteArray(), "tar", Files.readAllBytes(tar));
    for (Map.Entry<String, byte[]> one : archives.entrySet()) {
      Files.write(directory.resolve("evil." + one.getKey()), one.getValue());
      String manifest =
          manifest(
              "      - {url: \"file:evil.%1$s\", unpack: %1$s, %2$s}\n"
                  .formatted(one.getKey(), pinned(one.getValue())));
      for (List<String> verbosity : VERBOSITIES) {
        Ended ended =
            run(
                joined(List.of("bake", manifest, "--report", work + "/report"), verbosity),
                Map.of());
        assertNotEquals(0, ended.exit(), ended::toString);
      }
      run("pin", "-vv", "--repin", "*", manifest);
      run("verify", "--json", manifest);
    }
  }

  /** A manifest with a foreign text in place of each of its words, one after the other. */
  @Test
  @Tag("chaos")
  void whatAManifestSaysIsMadeVisible() throws IOException {
    String whole =
        """
        schema: modelbake/1
        owner: self
        home: /home/app
        env: {U2NET_HOME: /opt/u2net}
        mirrors: ["https://mirror.example/{hex}"]
        models:
          - name: org/m
            license: MIT
            homepage: "https://example.org"
            groups: [one]
            env: {SOME_HOME: /opt/some}
            dir: %s/out
            files:
              - url: "file:a.onnx"
                mirrors: ["https://mirror.example/a"]
                path: sub/a.onnx
                also: [other/a.onnx]
                mode: "0644"
                sha256: %s
                size: 7
        """
            .formatted(work, Digest.ofBytes(MODEL).hex());
    String evil = Foreign.quoted(Foreign.LINES);
    Matcher word = Pattern.compile("\"[^\"\n]+\"|[A-Za-z0-9/.][A-Za-z0-9/._-]*").matcher(whole);
    int words = 0;
    while (word.find()) {
      String changed = whole.substring(0, word.start()) + evil + whole.substring(word.end());
      Path manifest = Files.writeString(directory.resolve("evil.yaml"), changed);
      for (List<String> command : List.of(List.of("bake", "-vv"), List.of("lint", "--json"))) {
        run(joined(command, List.of(manifest.toString())), Map.of());
      }
      words++;
    }
    assertTrue(words > 30, words + " words");
    // Text that is no manifest, and comments, which are kept by pin.
    for (String text :
        List.of(Foreign.LINES, "a: " + Foreign.LINE, "# " + Foreign.LINE + "\n" + whole)) {
      Path manifest = Files.writeString(directory.resolve("evil.yaml"), text);
      for (String command : List.of("bake", "lint", "plan", "verify", "env", "dockerfile", "pin")) {
        run(command, manifest.toString());
      }
    }
  }

  @Test
  @Tag("chaos")
  void namesOnDiskAreMadeVisible() throws IOException {
    String manifest = plain();
    run("bake", manifest);
    run("mirror", "export", work + "/m", manifest);
    Files.writeString(work.resolve("out").resolve(Foreign.LINES), "x");
    Files.createDirectory(work.resolve("out").resolve("d" + Foreign.LINES));
    Ended found = run("verify", manifest);
    assertTrue(found.err().contains("pwned"), "the stranger is not told: " + found);
    run("verify", "--strict", manifest);
    run("verify", "--json", manifest);
    Path blobs = work.resolve("m/blobs/sha256");
    Files.writeString(blobs.resolve(Foreign.LINES), "x");
    Files.writeString(work.resolve("m").resolve(Foreign.LINES), "x");
    run("mirror", "verify", work + "/m");
    run("mirror", "import", work + "/m", work + "/i");
    Ended collected = run("gc", work + "/m", manifest);
    assertTrue(collected.out().contains("pwned"), "the stranger is not told: " + collected);
    Path evil = Files.createDirectory(directory.resolve(Foreign.LINES));
    Files.copy(directory.resolve("models.yaml"), evil.resolve("models.yaml"));
    Files.write(evil.resolve("a.onnx"), MODEL);
    for (List<String> command :
        List.of(
            List.of("bake", "-vv", evil + "/models.yaml"),
            List.of("lint", evil + "/models.yaml"),
            List.of("lint", "--json", evil + "/models.yaml"),
            List.of("plan", "-v", evil + "/models.yaml"),
            List.of("plan", "--json", evil + "/models.yaml"),
            List.of("pin", evil + "/models.yaml"),
            List.of("bake", evil + "/absent.yaml"),
            List.of("bake", "-vv", "--dir", "m=" + evil, "models.yaml"),
            List.of("verify", "--dir", "m=" + evil, "models.yaml"),
            List.of("mirror", "export", evil + "/m", "models.yaml"),
            List.of("mirror", "verify", evil + "/m"),
            List.of("mirror", "import", evil + "/m", evil + "/n"),
            List.of("mirror", "push", evil + "/m", "oci://127.0.0.1:1/a"),
            List.of("gc", evil + "/m", "models.yaml"),
            List.of("demo", "--keep", evil + "/demo"),
            List.of("dockerfile", evil + "/models.yaml"))) {
      run(command, Map.of());
    }
  }

  /** An index with a foreign text in place of each of its strings. */
  @Test
  @Tag("chaos")
  void whatAnIndexSaysIsMadeVisible() throws IOException {
    run("mirror", "export", work + "/m", plain());
    for (String name : List.of("modelbake-index.json", "index.json", "oci-layout")) {
      Path index = work.resolve("m").resolve(name);
      String whole = Files.readString(index);
      Matcher string = Pattern.compile("\"[^\"]*\"").matcher(whole);
      while (string.find()) {
        Files.writeString(
            index,
            whole.substring(0, string.start())
                + Foreign.quoted(Foreign.LINES)
                + whole.substring(string.end()));
        run("mirror", "verify", work + "/m");
        run("mirror", "import", "-vv", work + "/m", work + "/i");
        Program.of("rm", "-rf", work + "/i").run().ok();
      }
      Files.writeString(index, Foreign.LINES);
      run("mirror", "verify", work + "/m");
      Files.writeString(index, whole);
    }
    assertFalse(Files.exists(work.resolve("i/modelbake-index.json")));
  }

  @Test
  void commentsOfSignaturesAreMadeVisible() throws IOException {
    Peers.require("minisign");
    run("mirror", "export", work + "/m", plain());
    Program.of("minisign", "-G", "-W", "-p", "site.pub", "-s", "site.key").in(directory).run().ok();
    String line = Foreign.LINE.replaceAll("[\r\u0085\u2028]", "");
    for (String comment :
        List.of(line, "name:" + line + " counter:1", "name:models counter:" + line)) {
      for (String file : List.of(work + "/m/modelbake-index.json", plain())) {
        Program.of("minisign", "-S", "-s", "site.key", "-c", line, "-t", comment, "-m", file)
            .in(directory)
            .run()
            .ok();
      }
      String key = directory + "/site.pub";
      run("mirror", "import", "-vv", "--trusted-key", key, work + "/m", work + "/i");
      run("mirror", "verify", "-vv", "--trusted-key", key, work + "/m");
      run("bake", "-vv", "--trusted-key", key, directory + "/models.yaml");
      run("plan", "-v", "--trusted-key", key, directory + "/models.yaml");
    }
    String key = Files.readString(directory.resolve("site.pub"));
    for (String text :
        List.of("untrusted comment: " + line + "\n" + key.lines().toList().get(1), line, "")) {
      Path other = Files.writeString(directory.resolve("other.pub"), text);
      run("mirror", "verify", "--trusted-key", other.toString(), work + "/m");
    }
    run("mirror", "verify", "--trusted-key", Foreign.LINES, work + "/m");
  }

  @Test
  @Tag("chaos")
  void whatHelpersOfRegistriesSayIsMadeVisible() throws IOException {
    Path bin = Files.createDirectory(directory.resolve("bin"));
    Path helper = bin.resolve("docker-credential-evil");
    Files.writeString(
        helper, "#!/bin/sh\ncat \"$0.txt\"\ncat \"$0.txt\" >&2\nexit \"$(cat \"$0.exit\")\"\n");
    Program.of("chmod", "755", helper).run().ok();
    String evil = Foreign.quoted(Foreign.LINES);
    try (FakeRegistry registry = new FakeRegistry()) {
      registry.fault(
          (exchange, request) -> {
            exchange.getResponseHeaders().add("WWW-Authenticate", "Basic realm=\"r\"");
            FakeRegistry.refuse(exchange, 401, "UNAUTHORIZED", "log in");
            return true;
          });
      List<String> configs =
          List.of(
              "{\"credsStore\":\"evil\"}",
              "{\"credsStore\":%s}",
              "{\"credHelpers\":{%1$s:%1$s,\"" + registry.host() + "\":%1$s}}",
              "{\"auths\":{%1$s:{\"auth\":%1$s}}}",
              "{\"auths\":{\"" + registry.host() + "\":{\"auth\":%1$s}}}",
              "{%1$s:",
              Foreign.LINES);
      for (String config : configs) {
        Files.writeString(
            directory.resolve("config.json"),
            config.replaceAll("%(1\\$)?s", Matcher.quoteReplacement(evil)));
        for (String answer :
            List.of(
                Foreign.LINES,
                "{\"Username\":" + evil + ",\"Secret\":" + evil + "}",
                "{" + evil + ":" + evil + "}")) {
          Files.writeString(bin.resolve("docker-credential-evil.txt"), answer);
          Files.writeString(bin.resolve("docker-credential-evil.exit"), "0");
          run(
              List.of("mirror", "pull", "-vv", registry.repository(), work + "/p"),
              Map.of(
                  "DOCKER_CONFIG",
                  directory.toString(),
                  "PATH",
                  bin + ":" + System.getenv("PATH")));
        }
      }
    }
  }

  @Test
  @Tag("chaos")
  void argumentsAreMadeVisible() throws IOException {
    String evil = Foreign.LINES;
    String manifest = plain();
    List<List<String>> commands = new ArrayList<>();
    for (String command :
        List.of(
            "bake",
            "plan",
            "verify",
            "pin",
            "lint",
            "catalog",
            "env",
            "dockerfile",
            "mirror",
            "gc",
            "demo",
            "schema",
            "completion")) {
      commands.add(List.of(command, evil));
      commands.add(List.of(command, "--" + evil));
      commands.add(List.of(command, "--jobs=" + evil));
    }
    commands.add(List.of(evil));
    commands.add(List.of("--" + evil));
    commands.add(List.of("catalog", "list", evil));
    commands.add(List.of("catalog", "show", evil));
    commands.add(List.of("bake", "catalog:" + evil));
    commands.add(List.of("pin", "hf:" + evil));
    commands.add(List.of("pin", "https://" + evil));
    for (String mirror : List.of("export", "import", "verify", "push", "pull", evil)) {
      commands.add(List.of("mirror", mirror, evil));
      commands.add(List.of("mirror", mirror, evil, manifest));
      commands.add(List.of("mirror", mirror, "oci://" + evil, evil));
      commands.add(List.of("mirror", mirror, "https://" + evil, work + "/x"));
    }
    for (String option :
        List.of(
            "--only",
            "--except",
            "--group",
            "--dir",
            "--env",
            "--root",
            "--owner",
            "--home",
            "--times",
            "--mirror",
            "--rewrite",
            "--store",
            "--headers-file",
            "--cacert",
            "--allow-host",
            "--insecure-registry",
            "--trusted-key",
            "--min-counter",
            "--site",
            "--jobs",
            "--connections",
            "--deadline",
            "--min-speed",
            "--max-download",
            "--progress",
            "--color",
            "--report",
            "--receipt",
            "--sums")) {
      commands.add(List.of("bake", "-vv", option, evil, manifest));
    }
    commands.add(List.of("plan", "-v", "--mirror", "https://h/" + evil, manifest));
    commands.add(List.of("plan", "-v", "--cacert", evil, manifest));
    commands.add(List.of("plan", "-v", "--root", evil, manifest));
    commands.add(List.of("verify", "--as", evil, manifest));
    commands.add(List.of("verify", "--receipt", evil));
    commands.add(List.of("pin", "--temp", evil, manifest));
    commands.add(List.of("pin", "-o", manifest + evil, "https://127.0.0.1:1/a"));
    commands.add(List.of("env", "--format", evil, manifest));
    commands.add(List.of("mirror", "export", "--name", evil, work + "/m", manifest));
    commands.add(List.of("mirror", "export", "--from", evil, work + "/m", manifest));
    for (List<String> command : commands) {
      run(command, Map.of());
    }
  }

  @Test
  @Tag("chaos")
  void variablesAreMadeVisible() throws IOException {
    String hub =
        """
        schema: modelbake/1
        owner: self
        models:
          - name: m
            dir: ${U2NET_HOME}
            files:
              - {url: "https://127.0.0.1:1/a", %s}
        """
            .formatted(pinned(MODEL));
    Files.writeString(directory.resolve("hub.yaml"), hub);
    String evil = Foreign.LINES;
    for (String variable :
        List.of(
            "HTTP_PROXY",
            "HTTPS_PROXY",
            "https_proxy",
            "ALL_PROXY",
            "NO_PROXY",
            "HF_ENDPOINT",
            "HF_TOKEN",
            "HF_TOKEN_PATH",
            "SSL_CERT_FILE",
            "REQUESTS_CA_BUNDLE",
            "NETRC",
            "DOCKER_CONFIG",
            "REGISTRY_AUTH_FILE",
            "XDG_RUNTIME_DIR",
            "MODELBAKE_STORE",
            "MODELBAKE_SITE",
            "SOURCE_DATE_EPOCH",
            "U2NET_HOME",
            "HOME",
            "TERM",
            "COLUMNS",
            "NO_COLOR",
            "LC_CTYPE",
            "XDG_CACHE_HOME",
            "MODELBAKE_MIRROR")) {
      run(
          List.of("bake", "-vv", "--deadline", "3s", directory + "/hub.yaml"),
          Map.of(variable, evil));
      run(List.of("plan", "-v", directory + "/hub.yaml"), Map.of(variable, "/x" + evil));
    }
    Path file = Files.writeString(directory.resolve("pem" + evil), evil);
    for (String variable : List.of("SSL_CERT_FILE", "NETRC", "HF_TOKEN_PATH", "MODELBAKE_SITE")) {
      Map<String, String> set = Map.of(variable, file.toString());
      run(List.of("bake", "-vv", directory + "/hub.yaml"), set);
      run(List.of("plan", "-v", directory + "/hub.yaml"), set);
    }
  }

  @Test
  @Tag("chaos")
  void whatASiteSaysIsMadeVisible() throws IOException {
    String whole =
        """
        mirrors: ["https://mirror.example/{hex}"]
        only-mirrors: false
        rewrite: {"https://a.example": "https://b.example"}
        ca: models.yaml
        trusted-keys: ["site.pub"]
        policy:
          hosts: [mirror.example]
          licenses: [MIT]
          signature: manifests
        """;
    Matcher word = Pattern.compile("\"[^\"\n]+\"|[A-Za-z0-9/.][A-Za-z0-9/._-]*").matcher(whole);
    String manifest = plain();
    while (word.find()) {
      Path site =
          Files.writeString(
              directory.resolve("site.yaml"),
              whole.substring(0, word.start())
                  + Foreign.quoted(Foreign.LINES)
                  + whole.substring(word.end()));
      run("bake", "-vv", "--site", site.toString(), manifest);
      run("plan", "-v", "--site", site.toString(), manifest);
    }
  }
}
