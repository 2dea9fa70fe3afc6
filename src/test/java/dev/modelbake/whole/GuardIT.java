package dev.modelbake.whole;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.modelbake.testing.DocumentSchema;
import dev.modelbake.testing.Peers;
import dev.modelbake.testing.Program;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Real programs that reach for hosts which nobody has, under guard. */
class GuardIT {
  private static final String PYTHON = "/usr/bin/python3";

  @TempDir Path work;

  private Program guard(Object... words) {
    return Launcher.in(work, "guard").and(words).with("PYTHONPATH", "");
  }

  private Program guarded(Object... command) {
    return guard("--").and(command);
  }

  private Program python(String code) throws IOException {
    return guarded(PYTHON, Files.writeString(work.resolve("client.py"), code));
  }

  private static void assertSaid(Program.Ended ended, String... texts) {
    for (String text : texts) {
      assertTrue(ended.err().contains(text), () -> "no word of '" + text + "' in " + ended);
    }
  }

  static Stream<Arguments> clients() {
    return Stream.of(
        Arguments.of("urllib", "urllib.request.urlopen('https://models.example/a?token=secret')"),
        Arguments.of("urllib", "urllib.request.urlopen('http://models.example:443/a')"),
        Arguments.of("requests", "requests.get('https://user:secret@models.example/a')"),
        Arguments.of("urllib3", "urllib3.PoolManager().request('GET', 'https://models.example/')"),
        Arguments.of("httpx", "httpx.get('https://models.example/a')"),
        Arguments.of("pooch", "pooch.retrieve('https://models.example/a', None, path='.')"),
        Arguments.of("torch", "torch.hub.download_url_to_file('https://models.example/a', 'a')"),
        Arguments.of("asyncio", "asyncio.run(asyncio.open_connection('models.example', 443))"),
        Arguments.of("socket", "socket.create_connection(('models.example', 443))"));
  }

  @ParameterizedTest
  @MethodSource("clients")
  void theLineThatReachedOutIsNamedForEveryClientOfPython(String module, String call)
      throws IOException {
    Peers.requirePython(PYTHON, module);
    Program.Ended ended =
        python(
                "import urllib.request, %s\ntry:\n  %s\nexcept Exception: pass\n"
                    .formatted(module, call))
            .run();
    assertEquals(79, ended.exit(), ended::toString);
    assertSaid(ended, "refused models.example:443", work.resolve("client.py") + ":3");
    assertFalse(ended.all().contains("secret"), ended::toString);
  }

  @Test
  void theLibraryIsNamedAndNotWhatItUses() throws IOException {
    Peers.requirePython(PYTHON, "requests");
    Path library = Files.createDirectories(work.resolve("site-packages/rapidocr"));
    Files.writeString(
        library.resolve("__init__.py"),
        """
        import requests
        def fetch():
            try:
                requests.get("https://www.modelscope.example/det.onnx?signature=secret")
            except OSError:
                pass
        fetch()
        """);
    Program.Ended ended =
        guard("-v", "--report", "guard.json", "--", PYTHON, "-c", "import rapidocr")
            .with("PYTHONPATH", work.resolve("site-packages").toString())
            .run();
    assertEquals(79, ended.exit(), ended::toString);
    assertSaid(
        ended,
        "refused www.modelscope.example:443: rapidocr/__init__.py:4, through requests",
        "    https://www.modelscope.example/det.onnx\n",
        "    requests/api.py:");
    String report = Files.readString(work.resolve("guard.json"));
    DocumentSchema.named("guard").accepts(report);
    assertFalse((report + ended).contains("secret"), report);
    List<String> lines = ended.err().lines().toList();
    String tail = String.join("\n", lines.subList(lines.size() - 3, lines.size()));
    assertTrue(tail.contains("error: running"), tail);
  }

  @Test
  void poochIsPassedOverForTheLibraryThatCalledIt() throws IOException {
    Peers.requirePython(PYTHON, "pooch");
    Path library = Files.createDirectories(work.resolve("site-packages/rembg"));
    Files.writeString(
        library.resolve("__init__.py"),
        "import pooch\ndef session():\n  pooch.retrieve('https://models.example/u', None, path='.')\n");
    Program.Ended ended =
        guarded(PYTHON, "-c", "import rembg\ntry: rembg.session()\nexcept Exception: pass")
            .with("PYTHONPATH", work.resolve("site-packages").toString())
            .run();
    assertSaid(ended, "rembg/__init__.py:3, through pooch");
  }

  @ParameterizedTest
  @CsvSource({
    "curl, curl -sf https://models.example/a",
    "curl, curl -sf http://models.example:443/a",
    "git, git ls-remote https://models.example/a"
  })
  void programsThatUseAProxyAreNamed(String program, String command) {
    Peers.require(program);
    Program.Ended ended = guarded("sh", "-c", command + " || exit 5").run();
    assertEquals(79, ended.exit(), ended::toString);
    assertSaid(ended, "refused models.example:443", "(proxy)", "ended with 5");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "socket.create_connection(('192.0.2.1', 80))",
        "socket.create_connection(('2001:db8::1', 80))",
        "socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'x', ('192.0.2.1', 53))",
        "socket.socket(socket.AF_INET, socket.SOCK_DGRAM).connect(('192.0.2.1', 53))",
        "socket.socket().connect_ex(('192.0.2.1', 80))",
        "socket.getaddrinfo('models.example', 443)",
        "socket.gethostbyname('models.example')",
        "socket.gethostbyaddr('192.0.2.9')",
        "socket.getnameinfo(('192.0.2.9', 80), 0)"
      })
  void addressesDatagramsAndNamesAreAttemptsToo(String call) throws IOException {
    Program.Ended ended =
        python("import socket\ntry:\n  " + call + "\nexcept OSError as e: print(e)\n").run();
    assertEquals(79, ended.exit(), ended::toString);
    assertTrue(ended.out().contains("modelbake guard refused"), ended::toString);
  }

  @Test
  void loopbackUnixSocketsAndTheOwnNameAreNone() throws IOException {
    try (Origin origin = new Origin()) {
      Program.Ended ended =
          python(
                  """
                  import socket, urllib.request
                  a, b = socket.socketpair()
                  server = socket.socket(socket.AF_UNIX)
                  server.bind("s"); server.listen()
                  socket.socket(socket.AF_UNIX).connect("s")
                  try: socket.getaddrinfo(socket.gethostname(), None)
                  except OSError: pass
                  socket.getaddrinfo("localhost", 80)
                  try: urllib.request.urlopen("%s")
                  except urllib.error.HTTPError as e: print(e.code)
                  """
                      .formatted(origin.url("/status/404")))
              .run();
      assertEquals(0, ended.exit(), ended::toString);
      assertEquals("404\n", ended.out());
      assertSaid(ended, "no attempt was seen");
    }
  }

  @Test
  void tenThousandConnectionsAreOneLineWithTheirCount() throws IOException {
    Program.Ended ended =
        python(
                """
                import socket
                for i in range(10000):
                    try: socket.create_connection(("192.0.2.1", 80))
                    except OSError: pass
                """)
            .run();
    assertSaid(ended, "refused 192.0.2.1:80, 10000 times: ");
    assertEquals(1, ended.err().lines().filter(line -> line.startsWith("refused")).count());
  }

  @Test
  void attemptsOfForksAndOfTheKilledAreKept() throws IOException {
    Program.Ended ended =
        python(
                """
                import os, signal, socket
                def reach(host):
                    try: socket.create_connection((host, 80))
                    except OSError: pass
                for host in ("192.0.2.1", "192.0.2.2"):
                    if os.fork() == 0:
                        reach(host); reach(host)
                        os.kill(os.getpid(), signal.SIGKILL) if host.endswith("1") else os._exit(0)
                    os.wait()
                """)
            .run();
    assertEquals(79, ended.exit());
    assertSaid(ended, "refused 192.0.2.1:80, 2 times", "refused 192.0.2.2:80, 2 times");
  }

  @Test
  void aSitecustomizeThatWasThereStillRuns() throws IOException {
    Path own = Files.createDirectories(work.resolve("own"));
    Files.writeString(own.resolve("sitecustomize.py"), "import builtins\nbuiltins.ours = 7\n");
    Program.Ended ended =
        guarded(PYTHON, "-c", "import sys, sitecustomize; print(ours, sitecustomize.__file__)")
            .with("PYTHONPATH", own.toString())
            .run();
    assertEquals("7 " + own.resolve("sitecustomize.py") + "\n", ended.out(), ended::toString);
    assertSaid(ended, "layer python active");
  }

  @Test
  void aPythonPastTheHookIsToldAndNothingIsCalledProven() {
    Program.Ended isolated = guarded(PYTHON, "-I", "-c", "pass").run();
    assertEquals(0, isolated.exit());
    assertSaid(isolated, "ran without the hook", "nothing is known");
    Program.Ended inner =
        guarded(
                PYTHON,
                "-c",
                "import subprocess, sys; subprocess.run([sys.executable, '-I', '-c', ''])")
            .run();
    assertSaid(inner, "not seen: python3 was started with -I");
    Program.Ended emptied =
        guarded("env", "-i", PYTHON, "-c", "import time; time.sleep(0.3)").run();
    assertSaid(emptied, "ran without the variables of the guard", "nothing is known");
  }

  @Test
  void everyPythonIsCounted() throws IOException {
    Peers.requirePython(PYTHON, "sys");
    Path other = Files.createDirectories(work.resolve("bin")).resolve("python3");
    Files.copy(Path.of(PYTHON).toRealPath(), other);
    Program.Ended ended = guarded("sh", "-c", PYTHON + " -c pass; " + other + " -c pass").run();
    assertSaid(ended, "the hook started in 2 Pythons", other.toString());
  }

  @Test
  void aCommandWithoutPythonAndProxyIsNotCalledClean() {
    Program.Ended ended = guarded("true").run();
    assertEquals(0, ended.exit());
    assertSaid(ended, "the hook started in no Python", "nothing is known");
  }

  @ParameterizedTest
  @CsvSource({"exit 7, 7", "kill -9 $$, 137", "kill -TERM $$, 143", "true, 0"})
  void theCodeOfTheCommandIsHandedOn(String script, int code) {
    assertEquals(code, guarded("sh", "-c", script).run().exit());
  }

  @Test
  void aCommandThatIsNotThereIs127AndOneThatDoesNotRunIs126() throws IOException {
    assertEquals(127, guarded("no-such-command").run().exit());
    Path file = Files.writeString(work.resolve("file"), "#!/bin/sh\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    Program.Ended ended = guarded("./file").run();
    assertEquals(126, ended.exit());
    assertSaid(ended, "error: running ./file");
    assertEquals(64, guard().run().exit());
  }

  @Test
  void streamsAndVariablesPassThrough() {
    Program.Ended ended =
        guarded("sh", "-c", "echo \"$LC_ALL|$JAVA_TOOL_OPTIONS|$1\"; echo told >&2", "sh", "@x")
            .with("LC_ALL", "")
            .with("JAVA_TOOL_OPTIONS", "-Dours=1")
            .run();
    assertEquals("|-Dours=1|@x\n", ended.out(), ended::toString);
    assertSaid(ended, "told\n");
  }

  @Test
  void aSignalIsHandedOnToTheCommand() throws IOException, InterruptedException {
    Process process =
        guarded(
                "sh",
                "-c",
                "trap 'echo caught > caught; exit 5' TERM; echo > ready; while :; do sleep 0.05; done")
            .builder()
            .redirectErrorStream(true)
            .redirectOutput(work.resolve("out").toFile())
            .start();
    while (!Files.exists(work.resolve("ready"))) {
      assertTrue(process.isAlive());
      Thread.onSpinWait();
    }
    process.destroy();
    assertEquals(5, process.waitFor(), () -> text("out"));
    assertTrue(Files.exists(work.resolve("caught")));
  }

  private String text(String file) {
    try {
      return Files.readString(work.resolve(file));
    } catch (IOException e) {
      return e.toString();
    }
  }

  @Test
  void nobodyIsLeftBehind() throws IOException {
    Program.Ended ended =
        guarded(
                "sh",
                "-c",
                "(setsid sh -c 'echo $$ > pid; exec sleep 600' &) ; until [ -s pid ]; do :; done")
            .run();
    assertEquals(0, ended.exit());
    assertSaid(ended, "left behind by the command, and ended: ");
    String state = text("/proc/" + text("pid").strip() + "/stat");
    // A container's first process may leave it unburied.
    assertTrue(state.contains("NoSuchFile") || state.contains(") Z "), state);
  }

  @Test
  void anAllowedHostIsNoAttempt() throws IOException {
    Files.writeString(
        work.resolve("client.py"),
        """
        import socket
        try: socket.create_connection(('models.invalid', 443))
        except OSError as e: print('guard' in str(e))
        """);
    Program.Ended ended = guard("--allow", "*.invalid", "--", PYTHON, "client.py").run();
    assertEquals(0, ended.exit(), ended::toString);
    assertEquals("False\n", ended.out());
    assertSaid(ended, "allowed models.invalid:443", "only allowed hosts were reached for");
  }

  @Test
  void withoutARouteTheKernelCountsEverybodyAndSilenceIsProof() throws IOException {
    Peers.require("unshare", "ip", "node");
    Peers.requireRoot();
    Program.Ended quiet = alone("true").run();
    assertEquals(0, quiet.exit(), quiet::toString);
    assertSaid(quiet, "layer kernel active", "proof: no route leads out");
    Program.Ended node =
        alone("node", "-e", "require('net').connect(80, '192.0.2.1').on('error', () => {})").run();
    assertEquals(79, node.exit(), node::toString);
    assertSaid(node, "(kernel)");
    Program.Ended local =
        alone(
                PYTHON,
                "-c",
                "import socket; s = socket.create_server(('localhost', 0));"
                    + " socket.create_connection(s.getsockname())")
            .run();
    assertEquals(0, local.exit(), local::toString);
  }

  private Program alone(Object... command) {
    return Program.of(
            "unshare",
            "--net",
            "sh",
            "-c",
            "ip link set lo up; exec \"$@\"",
            "sh",
            Launcher.PROGRAM)
        .and("guard", "--")
        .and(command)
        .in(work)
        .with("PYTHONPATH", "");
  }

  @Test
  void anotherUserWithAHomeThatIsReadOnlyIsGuardedToo() throws IOException {
    Peers.require("setpriv");
    Peers.requireRoot();
    Files.setPosixFilePermissions(work, PosixFilePermissions.fromString("r-xr-xr-x"));
    try {
      String code = "import socket; socket.getaddrinfo('models.example', 443)";
      Program.Ended inner =
          guarded("setpriv", "--reuid=65534", "--clear-groups", PYTHON, "-c", code)
              .with("HOME", work.toString())
              .run();
      assertEquals(79, inner.exit(), inner::toString);
      assertSaid(inner, "refused models.example:443");
    } finally {
      Files.setPosixFilePermissions(work, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
  }

  @Test
  void nothingIsLeftUnderTheTemporaryDirectory() throws IOException {
    Path temporary = Files.createDirectory(work.resolve("tmp"));
    guarded(PYTHON, "-c", "pass").with("TMPDIR", temporary.toString()).run().ok();
    try (Stream<Path> left = Files.list(temporary)) {
      assertEquals(List.of(), left.toList());
    }
  }

  private static final String CONNECT_LOOPBACK =
      """
      import socket
      for host in ("127.0.0.1", "::1", "0.0.0.0"):
          try: socket.create_connection((host, 9))
          except OSError as e: print(host, e)
      """;

  @Test
  void whileLoopbackIsDownConnectionsToItAreNoAttemptsAndNothingIsProven() {
    Peers.require("unshare", "node");
    Peers.requireRoot();
    Program lonely =
        Program.of("unshare", "--net", Launcher.PROGRAM).in(work).with("PYTHONPATH", "");
    Program.Ended python = lonely.and("guard", "--", PYTHON, "-c", CONNECT_LOOPBACK).run();
    assertEquals(0, python.exit(), python::toString);
    assertSaid(python, "loopback is down", "no attempt was seen", "evidence, not proof");
    Program.Ended node =
        lonely
            .and("guard", "--", "node", "-e")
            .and("require('net').connect(80, '127.0.0.1').on('error', () => {})")
            .run();
    assertEquals(0, node.exit(), node::toString);
    assertSaid(node, "nothing is known");
    assertEquals(78, lonely.and("guard", "--require", "proof", "--", "true").run().exit());
  }

  @Test
  void loopbackThatIsUpIsNeverCountedWhetherItAnswersOrNot() {
    Peers.require("unshare", "ip");
    Peers.requireRoot();
    Program.Ended ended = alone(PYTHON, "-I", "-c", CONNECT_LOOPBACK).run();
    assertEquals(0, ended.exit(), ended::toString);
    assertSaid(ended, "no attempt was seen", "proof: ");
  }

  @Test
  void whatIsRequiredAndCannotBeHadEndsBeforeTheCommandRuns() {
    Program.Ended proof = guard("--require", "proof", "--", "touch", "ran").run();
    assertEquals(78, proof.exit(), proof::toString);
    assertSaid(proof, "a route leads out", "docker run --network none");
    assertFalse(Files.exists(work.resolve("ran")));
    assertEquals(64, guard("--require", "hope", "--", "true").run().exit());
  }

  @Test
  void whatIsRequiredAndWasNotHadEndsWithoutSuccess() {
    Program.Ended nothing = guard("--require", "evidence", "--", "true").run();
    assertEquals(78, nothing.exit(), nothing::toString);
    assertSaid(nothing, "nothing is known", "--require evidence");
    assertEquals(5, guard("--require", "evidence", "--", "sh", "-c", "exit 5").run().exit());
    assertEquals(0, guard("--require", "evidence", "--", PYTHON, "-c", "pass").run().exit());
  }

  @ParameterizedTest
  @ValueSource(strings = {".example", "host:0", "host:99999", "[2001:db8::1", "*", "a,b"})
  void aHostThatIsNoneIsWrongUsage(String host) {
    Program.Ended ended = guard("--allow", host, "--", "touch", "ran").run();
    assertEquals(64, ended.exit(), ended::toString);
    assertSaid(ended, "HOST, HOST:PORT or *.DOMAIN");
    assertFalse(Files.exists(work.resolve("ran")));
  }

  @Test
  void aHostThatIsAllowedOnOnePortIsRefusedOnAnother() throws IOException {
    Program.Ended ended =
        guard("--allow", "models.invalid:443", "--", PYTHON)
            .and(
                "-c",
                """
                import socket
                try: socket.getaddrinfo("models.invalid", 443)
                except OSError as e: print("guard" in str(e))
                try: socket.gethostbyname("models.invalid.")
                except OSError as e: print("guard" in str(e))
                """)
            .run();
    assertEquals("False\nFalse\n", ended.out(), ended::toString);
    assertEquals(0, ended.exit(), ended::toString);
  }

  @Test
  void aReportThatCannotBeWrittenEndsBeforeTheCommandRuns() {
    Program.Ended ended = guard("--report", "no/such.json", "--", "touch", "ran").run();
    assertEquals(74, ended.exit(), ended::toString);
    assertFalse(Files.exists(work.resolve("ran")));
    assertEquals(74, guard("--report", ".", "--", "touch", "ran").run().exit());
    assertFalse(Files.exists(work.resolve("ran")));
  }

  @Test
  void aGuardWithinAGuardToldBoth() throws IOException {
    Files.writeString(
        work.resolve("client.py"),
        "import socket\ntry: socket.create_connection(('models.example', 80))\nexcept OSError: pass\n");
    Program.Ended ended =
        guard("--report", "outer.json", "--", Launcher.PROGRAM)
            .and("guard", "--allow", "models.example", "--report", "inner.json", "--")
            .and(PYTHON, "client.py")
            .run();
    assertEquals(79, ended.exit(), ended::toString);
    assertFalse(ended.all().contains("RecursionError"), ended::toString);
    for (String report : List.of("outer.json", "inner.json")) {
      assertTrue(text(report).contains("\"verdict\": \"refused\""), text(report));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"HUP", "INT", "TERM", "USR1", "USR2", "WINCH", "ALRM"})
  void everySignalThatJavaCanTakeIsHandedOn(String signal) throws Exception {
    Process process =
        started(
            "trap 'exit 5' "
                + signal
                + "; echo > ready; i=0; while [ $i -lt 600 ]; do sleep 0.05; i=$((i+1)); done");
    kill(signal, process.pid());
    assertEquals(5, process.waitFor(), () -> text("out"));
  }

  @Test
  void aStopStopsTheGuardAndAContinueIsHandedOn() throws Exception {
    Process process =
        started(
            "trap 'exit 5' CONT; echo > ready; i=0;"
                + " while [ $i -lt 600 ]; do sleep 0.05; i=$((i+1)); done");
    kill("TSTP", process.pid());
    await(() -> state(process.pid()) == 'T');
    kill("CONT", process.pid());
    assertEquals(5, process.waitFor(), () -> text("out"));
  }

  @Test
  void aGuardThatIsKilledTakesTheCommandWithIt() throws Exception {
    Peers.require("setpriv");
    Process process = started("echo $$ > pid; echo > ready; exec sleep 60");
    long command = Long.parseLong(text("pid").strip());
    process.destroyForcibly().waitFor();
    await(() -> state(command) == 'Z' || state(command) == '-');
  }

  private Process started(String script) throws IOException {
    // Not of the shell that runs the tests: a terminal's signals are another thing. And nobody can
    // trap what whoever runs the tests ignores, as nohup does.
    Process process =
        Program.of("setsid", "env", "--default-signal")
            .and(Launcher.PROGRAM, "guard", "--", "sh", "-c", script)
            .in(work)
            .with("TMPDIR", work.toString())
            .builder()
            .redirectErrorStream(true)
            .redirectOutput(work.resolve("out").toFile())
            .start();
    await(() -> Files.exists(work.resolve("ready")) || !process.isAlive());
    return process;
  }

  private static void kill(String signal, long pid) {
    Program.of("sh", "-c", "kill -s " + signal + " " + pid).run().ok();
  }

  private static char state(long pid) {
    try {
      String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
      return stat.charAt(stat.lastIndexOf(')') + 2);
    } catch (IOException e) {
      return '-';
    }
  }

  private static void await(BooleanSupplier condition) {
    long end = System.nanoTime() + Duration.ofMinutes(2).toNanos();
    while (!condition.getAsBoolean()) {
      assertTrue(System.nanoTime() < end, "it takes too long");
      Thread.onSpinWait();
    }
  }

  @Test
  void aClosedInputIsEmptyAndNoFileOfOurs() {
    Program.Ended ended =
        Program.of("sh", "-c", "exec \"$0\" guard -q -- readlink /proc/self/fd/0 <&-")
            .and(Launcher.PROGRAM)
            .in(work)
            .run();
    assertEquals("/dev/null\n", ended.out(), ended::toString);
  }

  @Test
  void quietSaysWhatWasRefusedAndNothingElse() {
    assertEquals("", guard("-q", "--", "true").run().all());
    Program.Ended ended =
        guard("-q", "--color", "always", "--", PYTHON, "-c")
            .and("import socket\ntry: socket.getaddrinfo('a.example', 1)\nexcept OSError: pass")
            .run();
    assertEquals(79, ended.exit());
    assertEquals(2, ended.err().lines().count(), ended::toString);
    assertTrue(ended.err().startsWith("\u001b[1;31mrefused\u001b[0m a.example"), ended::toString);
  }

  @Test
  void aProgramThatIgnoresProxiesWhereARouteLeadsOutIsNotCalledClean() {
    Peers.require("curl");
    Program.Ended ended =
        guarded("curl", "--noproxy", "*", "-s", "--max-time", "1", "http://192.0.2.1/").run();
    assertTrue(ended.exit() != 0 && ended.exit() != 79, ended::toString);
    assertSaid(ended, "nothing is known");
  }

  @Test
  void whoeverIsNotRootGuardsToo() throws IOException {
    Peers.require("setpriv", "curl");
    Peers.requireRoot();
    Files.setPosixFilePermissions(work, PosixFilePermissions.fromString("rwxrwxrwx"));
    Program nobody =
        Program.of("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", Launcher.PROGRAM)
            .in(work)
            .with("PYTHONPATH", "")
            .with("HOME", "/nonexistent");
    Program.Ended python =
        nobody
            .and("guard", "--report", "r.json", "--", PYTHON, "-c")
            .and("import socket; socket.getaddrinfo('models.example', 443)")
            .run();
    assertEquals(79, python.exit(), python::toString);
    assertSaid(python, "refused models.example:443: <string>:1");
    DocumentSchema.named("guard").accepts(text("r.json"));
    Program.Ended curl =
        nobody.and("guard", "--", "sh", "-c", "id -u; curl -s https://models.example/").run();
    assertEquals(79, curl.exit(), curl::toString);
    assertEquals("65534\n", curl.out());
    assertSaid(curl, "curl (");
  }
}
