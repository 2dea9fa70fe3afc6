package dev.modelbake.whole;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.modelbake.model.Digest;
import dev.modelbake.testing.FakeRegistry;
import dev.modelbake.testing.FaultCase;
import dev.modelbake.testing.Peers;
import dev.modelbake.testing.Program;
import dev.modelbake.testing.Program.Ended;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Secrets on every road that they take, against servers that say them back wherever an answer has
 * room: none is in an output, at any verbosity, nor in any file that is left, nor at another
 * origin.
 */
class SecretsIT {
  private static final byte[] MODEL = "weights".getBytes(UTF_8);
  private static final String SIGNED = Canaries.token("signed");
  private static final String WAIT = "--deadline=5s";
  private static final List<List<String>> VERBOSITIES =
      List.of(
          List.of("-q"),
          List.of(),
          List.of("-v"),
          List.of("-vv"),
          List.of("--progress", "json", "-vv"),
          List.of("--progress", "tty", "-vv", "--color", "always"));

  @TempDir Path directory;

  /** What users give; everything else below the directory is looked at. */
  private Path given;

  private Path work;
  private EchoingServer elsewhere;
  private EchoingServer server;

  @BeforeEach
  void begin() throws IOException {
    given = Files.createDirectories(directory.resolve("given"));
    work = Files.createDirectories(directory.resolve("work"));
    elsewhere = new EchoingServer(MODEL, "http://127.0.0.1:1");
    server = new EchoingServer(MODEL, elsewhere.url(""));
  }

  @AfterEach
  void end() {
    server.close();
    elsewhere.close();
  }

  /**
   * How a secret comes to its server.
   *
   * @param url of a manner to answer
   * @param secrets mounted as a build does
   */
  private record Road(
      Canaries canaries,
      UnaryOperator<String> url,
      Map<String, String> environment,
      List<String> options,
      Map<String, String> secrets) {}

  private Road road(String name) throws IOException {
    String token = Canaries.token("token");
    String other = Canaries.token("other");
    Canaries one = Canaries.of(token);
    UnaryOperator<String> plain = manner -> server.url("/" + manner + "/a");
    String netrc = "machine 127.0.0.1 login %s password %s\n".formatted(other, token);
    String headers =
        "%1$s/ Authorization: Bearer %3$s\n%1$s/ X-Key: %4$s\n%2$s/ Authorization: Bearer %3$s\n"
            .formatted(server.url(""), server.url("").replace("http://", "https://"), token, other);
    return switch (name) {
      case "headers file" ->
          new Road(
              Canaries.of(token, other),
              plain,
              Map.of(),
              List.of("--headers-file", given("headers", headers)),
              Map.of());
      case "headers of a build" ->
          new Road(
              Canaries.of(token, other),
              plain,
              Map.of(),
              List.of(),
              Map.of("modelbake_headers", headers));
      case "netrc by variable" ->
          new Road(
              Canaries.of(token, other),
              plain,
              Map.of("NETRC", given("netrc", netrc)),
              List.of(),
              Map.of());
      case "netrc at home" -> {
        given(".netrc", netrc);
        yield new Road(
            Canaries.of(token, other),
            plain,
            Map.of("HOME", given.toString()),
            List.of(),
            Map.of());
      }
      case "netrc of a build" ->
          new Road(Canaries.of(token, other), plain, Map.of(), List.of(), Map.of("netrc", netrc));
      case "token" ->
          new Road(
              one,
              plain,
              Map.of("HF_ENDPOINT", server.url(""), "HF_TOKEN", token),
              List.of(),
              Map.of());
      case "token file" ->
          new Road(
              one,
              plain,
              Map.of("HF_ENDPOINT", server.url(""), "HF_TOKEN_PATH", given("hf", token + "\n")),
              List.of(),
              Map.of());
      case "token of a build" ->
          new Road(
              one,
              plain,
              Map.of("HF_ENDPOINT", server.url("")),
              List.of(),
              Map.of("hf_token", token));
      case "query" ->
          new Road(
              one,
              manner -> plain.apply(manner) + "?token=" + encoded(token),
              Map.of(),
              List.of(),
              Map.of());
      case "proxy" ->
          new Road(
              one,
              manner -> "http://models.example/" + manner + "/a",
              Map.of("HTTP_PROXY", proxy(token), "NO_PROXY", "127.0.0.1"),
              List.of(),
              Map.of());
      case "tunnel" ->
          new Road(
              one,
              manner -> "https://" + manner + ".example/a",
              Map.of("HTTPS_PROXY", proxy(token), "NO_PROXY", "127.0.0.1"),
              List.of(),
              Map.of());
      default -> throw new IllegalArgumentException(name);
    };
  }

  private String proxy(String password) {
    return "http://user:" + encoded(password) + "@" + server.host();
  }

  private static String encoded(String secret) {
    return secret.replace("/", "%2F").replace("+", "%2B").replace("=", "%3D");
  }

  private String given(String name, String text) throws IOException {
    return Files.writeString(given.resolve(name), text).toString();
  }

  private Program modelbake(Road road, List<String> arguments) throws IOException {
    Program program = Launcher.in(work, arguments.toArray()).with("HF_TOKEN", "");
    if (!road.secrets().isEmpty()) {
      Peers.require("unshare");
      Peers.requireRoot();
      for (Map.Entry<String, String> secret : road.secrets().entrySet()) {
        Path mounted = Files.createDirectories(given.resolve("mounted"));
        Files.writeString(mounted.resolve(secret.getKey()), secret.getValue());
      }
      String mount =
          "mount -t tmpfs tmpfs /run && mkdir /run/secrets && cp \"$1\"/* /run/secrets && shift"
              + " && exec \"$@\"";
      program =
          new Program(
                  List.of("unshare", "-m", "sh", "-c", mount, "sh", given + "/mounted"),
                  program.environment(),
                  program.directory())
              .and(program.command().toArray());
    }
    for (Map.Entry<String, String> variable : road.environment().entrySet()) {
      program = program.with(variable.getKey(), variable.getValue());
    }
    return program;
  }

  /** Runs a command and looks everywhere. */
  private Ended run(Road road, List<String> command, List<String> more) throws IOException {
    List<String> all = new ArrayList<>(command);
    all.addAll(road.options());
    all.addAll(more);
    Ended ended = modelbake(road, all).run();
    Canaries signed = Canaries.of(SIGNED);
    Canaries.assertNone(
        String.join(" ", all) + "\n" + ended,
        road.canaries().in("stdout", ended.out()),
        road.canaries().in("stderr", ended.err()),
        road.canaries().below(directory, List.of(given)),
        signed.in("stdout", ended.out()),
        signed.in("stderr", ended.err()),
        signed.below(directory, List.of(given)));
    assertNotEquals(70, ended.exit(), ended::toString);
    return ended;
  }

  private String manifest(Road road, List<String> manners, byte[] pinned) throws IOException {
    StringBuilder files = new StringBuilder();
    for (String manner : manners) {
      if (pinned.length > MODEL.length) {
        pinned[0]++;
      }
      files.append(
          "      - {url: \"%s\", path: \"%s\", sha256: %s, size: %d}\n"
              .formatted(
                  road.url().apply(manner), manner, Digest.ofBytes(pinned).hex(), pinned.length));
    }
    return given(
        "models.yaml",
        "schema: modelbake/1\nowner: self\nmodels:\n  - name: m\n    dir: %s/out\n    files:\n%s"
            .formatted(work, files));
  }

  @ParameterizedTest
  @Tag("chaos")
  @ValueSource(strings = "headers file")
  @FaultCase({145, 149})
  void noSecretLeavesItsRoad(String name) throws IOException {
    travel(name);
  }

  @ParameterizedTest
  @Tag("chaos")
  @ValueSource(
      strings = {
        "headers of a build",
        "netrc by variable",
        "token",
        "netrc at home",
        "netrc of a build",
        "token file",
        "token of a build",
        "query",
        "proxy",
        "tunnel"
      })
  void noSecretLeavesAnyOtherRoad(String name) throws IOException {
    travel(name);
  }

  private void travel(String name) throws IOException {
    Road road = road(name);
    List<String> files = List.of("--report", "report", "--receipt", "receipt", "--store", "store");
    List<String> failing = new ArrayList<>(EchoingServer.FINAL);
    failing.add(0, "407"); // they wait for each other, and the deadline is short
    String manifest = manifest(road, failing, MODEL);
    run(road, List.of("plan", "-v", manifest), List.of());
    run(road, List.of("plan", "--json", manifest), List.of());
    boolean first = name.equals("headers file") || name.equals("query");
    for (List<String> verbosity : first ? VERBOSITIES : VERBOSITIES.subList(3, 5)) {
      List<String> bake = new ArrayList<>(List.of("bake", manifest, "--jobs", "8", WAIT));
      bake.addAll(files);
      Ended ended = run(road, bake, verbosity);
      assertNotEquals(0, ended.exit(), ended::toString);
    }
    run(road, List.of("mirror", "export", "mirror", manifest, WAIT), List.of("-vv"));
    run(road, List.of("pin", "--repin", "*", manifest, WAIT), List.of("-vv"));
    run(road, List.of("pin", "--check", manifest, WAIT), List.of("-vv"));
    assertFalse(road.canaries().in("", server.requests()).isEmpty(), "the road leads nowhere");

    if (!name.equals("tunnel")) {
      String right = manifest(road, List.of("away"), MODEL);
      List<String> bake = new ArrayList<>(List.of("bake", right));
      bake.addAll(files);
      assertEquals(0, run(road, bake, List.of("-vv")).exit());
      assertEquals(0, run(road, List.of("bake", right), List.of("-vv")).exit());
      Ended exported = run(road, List.of("mirror", "export", "mirror", right), List.of("-vv"));
      assertEquals(0, exported.exit(), exported::toString);
      assertEquals(0, run(noOptions(road), List.of("verify", right), List.of()).exit());
      run(noOptions(road), List.of("verify", "--json", right), List.of());
      run(noOptions(road), List.of("lint", "--json", right), List.of());
      assertFalse(elsewhere.requests().isEmpty(), "nobody came to the other origin");
    }
    Canaries.assertNone(
        "another origin", road.canaries().in("another origin", elsewhere.requests()));
  }

  private static Road noOptions(Road road) {
    return new Road(road.canaries(), road.url(), road.environment(), List.of(), road.secrets());
  }

  @ParameterizedTest
  @Tag("chaos")
  @ValueSource(strings = {"headers file", "query", "token", "proxy"})
  void noSecretIsLeftByAttemptsThatAreMadeAgain(String name) throws IOException {
    Road road = road(name);
    String manifest = manifest(road, EchoingServer.TEMPORARY, new byte[20 << 20]);
    List<String> bake = List.of("bake", manifest, "--deadline", "5s", "--store", "store");
    Ended ended = run(road, bake, List.of("-vv", "--jobs", "8", "--report", "report"));
    assertNotEquals(0, ended.exit(), ended::toString);
    // The store is left with a partial and its journal, which were looked at.
    run(road, List.of("bake", manifest, "--deadline", "3s"), List.of("-vv"));
  }

  /** Settings that cannot be used are told without their text. */
  @Test
  void aSecretInABrokenSettingIsNotQuoted() throws IOException {
    String token = Canaries.token("token");
    Map<String, Road> roads = new TreeMap<>();
    Canaries canaries = Canaries.of(token);
    UnaryOperator<String> plain = manner -> server.url("/" + manner + "/a");
    Map<String, Map<String, String>> variables =
        Map.ofEntries(
            Map.entry("proxy without host", Map.of("HTTP_PROXY", "http://user:" + token + "@")),
            Map.entry("proxy port", Map.of("HTTP_PROXY", "http://user:" + token + "@h:99999")),
            Map.entry("proxy blank", Map.of("HTTPS_PROXY", "http://user: " + token + "@h:1")),
            Map.entry("proxy scheme", Map.of("ALL_PROXY", "ftp://user:" + token + "@h:1")),
            Map.entry("token blank", Map.of("HF_TOKEN", "a " + token)),
            Map.entry("endpoint", Map.of("HF_ENDPOINT", "https://user:" + token + "@h")),
            Map.entry("endpoint query", Map.of("HF_ENDPOINT", "https://h/?token=" + token)),
            Map.entry("token file", Map.of("HF_TOKEN_PATH", given("hf", "a\n" + token))),
            Map.entry("netrc", Map.of("NETRC", given("netrc", "passwort " + token))),
            Map.entry("netrc quote", Map.of("NETRC", given("netrc2", "password \"" + token))));
    variables.forEach(
        (name, set) -> roads.put(name, new Road(canaries, plain, set, List.of(), Map.of())));
    for (String line :
        List.of(
            token,
            "https://h/ " + token,
            "https://user:" + token + "@h/ A: b",
            "https://h/?" + token + " A: b",
            "http://h.example/ Authorization: " + token,
            "https://h/ Host: " + token,
            "https://h/ A: " + token + "\u0007")) {
      String file = given("headers" + roads.size(), line + "\n");
      roads.put(
          "header " + line,
          new Road(canaries, plain, Map.of(), List.of("--headers-file", file), Map.of()));
    }
    for (Map.Entry<String, Road> one : roads.entrySet()) {
      String manifest = manifest(one.getValue(), List.of("right"), MODEL);
      Ended ended = run(one.getValue(), List.of("bake", "-vv", manifest), List.of());
      assertNotEquals(0, ended.exit(), () -> one.getKey() + "\n" + ended);
      run(one.getValue(), List.of("plan", "-v", manifest), List.of());
    }
  }

  /** A URL with a secret in it, wherever a user may write one. */
  @Test
  @Tag("chaos")
  @FaultCase(149)
  void aSecretInAUrlIsNotQuoted() throws IOException {
    String token = Canaries.token("token");
    Road road =
        new Road(Canaries.of(token), m -> server.url("/" + m), Map.of(), List.of(), Map.of());
    String right = manifest(road, List.of("right"), MODEL);
    String stem = server.host();
    List<String> urls =
        List.of(
            "https://user:" + token + "@" + stem + "/a",
            "http://" + stem + "/a b?token=" + token,
            "http://" + stem + "/a?token=" + encoded(token),
            "http://" + stem + "/a?token=" + encoded(token) + "#x",
            "http://" + stem + "/404/{hex}?token=" + encoded(token),
            "http://h_h/?token=" + encoded(token),
            "http://" + stem + ":99999/?token=" + encoded(token),
            "ftp://user:" + encoded(token) + "@" + stem + "/a",
            "oci://user:" + encoded(token) + "@" + stem + "/a",
            "oci://" + stem + "/a?token=" + encoded(token),
            "https://" + encoded(token) + "@" + stem);
    for (String url : urls) {
      given("site.yaml", "mirrors: [\"" + url + "\"]\n");
      String manifest =
          given(
              "urls.yaml",
              """
              schema: modelbake/1
              owner: self
              mirrors: ["%1$s"]
              models:
                - name: m
                  dir: %2$s/out
                  homepage: "%1$s"
                  files:
                    - {url: "%1$s", mirrors: ["%1$s"], sha256: %3$s}
              """
                  .formatted(url, work, Digest.ofBytes(MODEL).hex()));
      for (List<String> command :
          List.of(
              List.of("bake", "-vv", "--deadline", "2s", manifest),
              List.of("lint", manifest),
              List.of("lint", "--json", manifest),
              List.of("plan", "-v", manifest),
              List.of("plan", "--json", manifest),
              List.of("verify", manifest),
              List.of("bake", "-vv", "--deadline", "2s", "--mirror", url, right),
              List.of("bake", "-vv", "--rewrite", "http:=" + url, "--deadline", "2s", right),
              List.of("bake", "-vv", "--rewrite", url, right),
              List.of("bake", "-vv", "--site", given + "/site.yaml", "--deadline", "2s", right),
              List.of("plan", "-v", "--mirror", url, right),
              List.of("mirror", "import", "--deadline", "2s", url, "imported"),
              List.of("mirror", "verify", "--deadline", "2s", url),
              List.of("mirror", "pull", "--deadline", "2s", url, "pulled"),
              List.of("pin", "-vv", "--deadline", "2s", "-o", given + "/new.yaml", url))) {
        run(road, command, List.of());
        Files.deleteIfExists(given.resolve("new.yaml"));
      }
    }
  }

  /** A registry that wants a login and says it back, whatever is asked of it. */
  @ParameterizedTest
  @Tag("chaos")
  @ValueSource(strings = {"auth", "identity token", "helper", "broken helper", "secret mount"})
  @FaultCase(149)
  void noSecretOfARegistryIsLeft(String way) throws IOException {
    String token = Canaries.token("token");
    String bearer = Canaries.token("bearer");
    try (FakeRegistry registry = new FakeRegistry()) {
      String host = registry.host();
      String pair = Base64.getEncoder().encodeToString(("user:" + token).getBytes(ISO_8859_1));
      String auth = "{\"auths\":{\"%s\":{\"auth\":\"%s\"}}}".formatted(host, pair);
      String config =
          switch (way) {
            case "identity token" ->
                "{\"auths\":{\"%s\":{\"identitytoken\":\"%s\"}}}".formatted(host, token);
            case "helper", "broken helper" ->
                "{\"credHelpers\":{\"%s\":\"canary\"}}".formatted(host);
            default -> auth;
          };
      Path bin = Files.createDirectories(given.resolve("bin"));
      Path helper = bin.resolve("docker-credential-canary");
      String answer =
          way.equals("helper")
              ? "{\"Username\":\"user\",\"Secret\":\"" + token + "\"}"
              : "{\"Username\":\"user\",\"Secret\": " + token;
      Files.writeString(helper, "#!/bin/sh\necho '" + token + "' >&2\necho '" + answer + "'\n");
      Program.of("chmod", "755", helper).run().ok();
      boolean mounted = way.equals("secret mount");
      given("config.json", config);
      Road road =
          new Road(
              Canaries.of(token, bearer),
              manner -> server.url("/" + manner + "/a"),
              Map.of(
                  "DOCKER_CONFIG",
                  mounted ? given + "/none" : given.toString(),
                  "PATH",
                  bin + ":" + System.getenv("PATH")),
              List.of(),
              mounted ? Map.of("docker-config.json", config) : Map.of());
      boolean works = !way.equals("broken helper");
      for (String challenge : List.of("Basic realm=\"r\"", "Bearer realm=\"http://%s/token\"")) {
        for (int status : way.equals("auth") ? List.of(0, 307, 401, 403, 500) : List.of(0, 401)) {
          guard(registry, new Login(challenge.formatted(host), bearer, status));
          String right = manifest(road, List.of("right"), MODEL);
          Program.of("rm", "-rf", work + "/m", work + "/pulled").run().ok();
          assertEquals(0, run(road, List.of("mirror", "export", "m", right), List.of()).exit());
          String oci = registry.repository();
          String deadline = "--deadline=5s";
          Ended pushed = run(road, List.of("mirror", "push", "m", oci, deadline), List.of("-vv"));
          // An identity token is traded for others; there is no such trade in Basic.
          boolean fits = !way.equals("identity token") || challenge.startsWith("Bearer");
          if (works && fits && status == 0) {
            assertEquals(0, pushed.exit(), pushed::toString);
          }
          run(road, List.of("mirror", "pull", oci, "pulled", deadline), List.of("-vv"));
          run(road, List.of("mirror", "verify", oci, deadline), List.of("-v"));
          List<String> bake = List.of("bake", right, "--only-mirrors", "--mirror", oci, deadline);
          Program.of("rm", "-rf", work + "/out").run().ok();
          run(road, bake, List.of("-vv", "--report", "report"));
        }
      }
    }
    Canaries none = Canaries.of(token, bearer);
    Canaries.assertNone("another origin", none.in("another origin", elsewhere.requests()));
  }

  /**
   * What a registry demands.
   *
   * @param status of whatever follows a login; 0 is an honest answer, 307 one elsewhere for blobs
   */
  private record Login(String challenge, String bearer, int status) {}

  private void guard(FakeRegistry registry, Login login) {
    registry.fault(
        (exchange, request) -> {
          String sent = exchange.getRequestHeaders().getFirst("Authorization");
          if (request.startsWith("GET /token") || request.startsWith("POST /token")) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            String told = sent + new String(body, UTF_8);
            FakeRegistry.send(
                exchange,
                told.isEmpty() ? 401 : 200,
                "{\"token\":\"%s\"}".formatted(login.bearer()).getBytes(UTF_8));
            return true;
          }
          if (sent == null) {
            exchange.getResponseHeaders().add("WWW-Authenticate", login.challenge());
            FakeRegistry.refuse(exchange, 401, "UNAUTHORIZED", "log in");
            return true;
          }
          if (login.status() == 0) {
            return false;
          }
          String told = sent + " " + decoded(sent);
          exchange.getResponseHeaders().add("X-Told", told);
          exchange.getResponseHeaders().add("Docker-Content-Digest", told);
          exchange.getResponseHeaders().add("WWW-Authenticate", "Bearer realm=\"" + told + "\"");
          if (login.status() == 307) {
            if (!request.startsWith("GET blobs/")) {
              return false;
            }
            exchange
                .getResponseHeaders()
                .add("Location", elsewhere.url("/403/a?sig=" + EchoingServer.SIGNED));
          }
          FakeRegistry.refuse(exchange, login.status(), told, told);
          return true;
        });
  }

  private static String decoded(String authorization) {
    return authorization.startsWith("Basic ")
        ? new String(Base64.getDecoder().decode(authorization.substring(6)), ISO_8859_1)
        : "";
  }
}
