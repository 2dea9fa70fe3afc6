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
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The check that {@code guard --emit-python} writes, where there is no Java. */
class GuardPythonIT {
  private static final String PYTHON = "/usr/bin/python3";
  private static final String REACH =
      "import socket\ntry: socket.create_connection(('%s', 80))\nexcept OSError as e: print(e)";

  @TempDir static Path shared;
  @TempDir Path work;

  @BeforeAll
  static void write() {
    Peers.requirePython(PYTHON, "socket");
    Launcher.in(shared, "guard", "--emit-python", "check.py").run().ok();
  }

  @BeforeEach
  void makeTemporary() throws IOException {
    Files.createDirectory(work.resolve("tmp"));
  }

  private Program check(Object... words) {
    return Program.of(PYTHON, shared.resolve("check.py"))
        .and(words)
        .in(work)
        .with("TMPDIR", work.resolve("tmp").toString())
        .with("PYTHONPATH", "");
  }

  private static void assertSaid(Program.Ended ended, String... texts) {
    for (String text : texts) {
      assertTrue(ended.err().contains(text), () -> "no word of '" + text + "' in " + ended);
    }
  }

  private String text(String file) throws IOException {
    return Files.readString(work.resolve(file));
  }

  @ParameterizedTest
  @CsvSource({"exit 3, 3", "kill -9 $$, 137", "true, 0"})
  void theCodeOfTheCommandIsHandedOn(String script, int code) {
    assertEquals(code, check("--", "sh", "-c", script).run().exit());
  }

  @Test
  void aCommandThatDoesNotStartEndsAsInAShell() throws IOException {
    assertEquals(127, check("--", "no-such-command").run().exit());
    Files.writeString(work.resolve("file"), "text");
    Program.Ended ended = check("--", "./file").run();
    assertEquals(126, ended.exit(), ended::toString);
    assertSaid(ended, "error: running ./file");
  }

  @Test
  void itsReportHasTheFormOfTheOther() throws IOException {
    Program.Ended ended =
        check("--report", "r.json", "-v", "--", PYTHON, "-c", REACH.formatted("192.0.2.1"))
            .and("--token", "geheim", "https://u:geheim@h.example/?k=geheim")
            .run();
    assertEquals(79, ended.exit(), ended::toString);
    assertSaid(ended, "refused 192.0.2.1:80: <string>:2 (connect)", "evidence, not proof");
    DocumentSchema.named("guard").accepts(text("r.json"));
    assertTrue(text("r.json").contains("\"host\": \"192.0.2.1\""), text("r.json"));
    assertFalse((text("r.json") + ended).contains("geheim"), text("r.json"));
    Program.Ended printed = check("--json", "--", "true").run();
    DocumentSchema.named("guard").accepts(printed.out());
    assertTrue(printed.out().contains("\"worth\": \"nothing\""), printed::toString);
    DocumentSchema.named("guard").accepts(check("--report", "-", "--", "no-such").run().out());
  }

  @Test
  void theProxyNamesWhatProgramsAskFor() throws IOException {
    Peers.require("curl", "git");
    Program.Ended curl =
        check("--report", "r.json", "--", "sh", "-c", "curl -s https://models.example/; true")
            .run();
    assertEquals(79, curl.exit(), curl::toString);
    assertSaid(curl, "refused models.example:443: a program (proxy)");
    DocumentSchema.named("guard").accepts(text("r.json"));
    assertEquals(79, check("--", "git", "ls-remote", "https://models.example/a").run().exit());
  }

  @Test
  void whatIsAllowedIsCarriedByTheProxyAndNotCounted() throws IOException {
    Peers.require("curl");
    try (Origin origin = new Origin()) {
      Program.Ended ended =
          check("--", "curl", "--noproxy", "", "-s", "-o", "out", "-w", "%{http_code}")
              .and(origin.url("/status/404"))
              .run();
      assertEquals("404", ended.out(), ended::toString);
      assertEquals(0, ended.exit(), ended::toString);
      assertSaid(ended, "no attempt was seen");
    }
    Program.Ended allowed =
        check("--allow", "models.invalid:80", "--", "curl", "-s", "http://models.invalid/").run();
    assertEquals(0, allowed.exit(), allowed::toString);
    assertTrue(allowed.out().contains("could not reach"), allowed::toString);
    assertSaid(allowed, "allowed models.invalid:80", "only allowed hosts");
    Program.Ended other =
        check("--allow", "models.invalid:80", "--", "curl", "-s", "http://models.invalid:81/")
            .run();
    assertEquals(79, other.exit(), other::toString);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--bad",
        "--allow=.example",
        "--allow=host:0",
        "--require=hope",
        "--allow=a,b",
        ""
      })
  void wrongUsageIs64(String option) {
    Program.Ended ended = (option.isEmpty() ? check() : check(option, "--", "touch", "ran")).run();
    assertEquals(64, ended.exit(), ended::toString);
    assertSaid(ended, "error: ");
    assertFalse(Files.exists(work.resolve("ran")));
  }

  @Test
  void aReportThatCannotBeWrittenEndsBeforeTheCommandRuns() {
    Program.Ended ended = check("--report", "no/such.json", "--", "touch", "ran").run();
    assertEquals(74, ended.exit(), ended::toString);
    assertSaid(ended, "error: writing no/such.json");
    assertFalse(ended.err().contains("Traceback"), ended::toString);
    assertFalse(Files.exists(work.resolve("ran")));
  }

  @Test
  void whatIsRequiredIsHadOrItFails() {
    Program.Ended proof = check("--require", "proof", "--", "touch", "ran").run();
    assertEquals(78, proof.exit(), proof::toString);
    assertFalse(Files.exists(work.resolve("ran")));
    assertEquals(78, check("--require", "evidence", "--", "true").run().exit());
    assertEquals(0, check("--require", "evidence", "--", PYTHON, "-c", "pass").run().exit());
  }

  @Test
  void silenceIsWorthNothingWhenNobodyLooked() {
    Program.Ended ended = check("--", "true").run();
    assertEquals(0, ended.exit());
    assertSaid(ended, "the hook started in no Python", "nothing is known");
    assertFalse(ended.err().contains("evidence"), ended::toString);
  }

  @Test
  void withoutARouteTheKernelCountsAndOnlyThenItIsProof() {
    Peers.require("unshare", "ip", "node");
    Peers.requireRoot();
    String node = "require('net').connect(80, '%s').on('error', () => {})";
    Program.Ended out = alone("up", "node", "-e", node.formatted("192.0.2.1"));
    assertEquals(79, out.exit(), out::toString);
    assertSaid(out, "(kernel)", "proof: ");
    Program.Ended local = alone("up", "node", "-e", node.formatted("127.0.0.1"));
    assertEquals(0, local.exit(), local::toString);
    assertSaid(local, "no attempt was seen", "proof: ");
    Program.Ended down = alone("down", "node", "-e", node.formatted("127.0.0.1"));
    assertEquals(0, down.exit(), down::toString);
    assertSaid(down, "loopback is down", "nothing is known");
  }

  private Program.Ended alone(String loopback, Object... command) {
    Program check = check("--").and(command);
    return new Program(
            Stream.concat(
                    Stream.of("unshare", "--net", "sh", "-c"),
                    Stream.concat(
                        Stream.of("ip link set lo " + loopback + "; exec \"$@\"", "sh"),
                        check.command().stream()))
                .toList(),
            check.environment(),
            check.directory())
        .run();
  }

  @Test
  void nobodyAndNothingIsLeftBehind() throws IOException {
    Program.Ended ended =
        check("--", "sh", "-c")
            .and("(setsid sh -c 'echo $$ > pid; exec sleep 600' &) ; until [ -s pid ]; do :; done")
            .run();
    assertEquals(0, ended.exit(), ended::toString);
    assertSaid(ended, "left behind by the command, and ended: sleep (");
    assertFalse(Files.exists(Path.of("/proc/" + text("pid").strip() + "/environ")));
    try (Stream<Path> left = Files.list(work.resolve("tmp"))) {
      assertEquals(List.of(), left.toList());
    }
  }

  @Test
  void aGuardWithinAGuardToldBoth() throws IOException {
    Program inner =
        check("--report", "inner.json", "--", PYTHON, "-c", REACH.formatted("a.example"));
    Program.Ended ended =
        check("--report", "outer.json", "--").and(inner.command().toArray()).run();
    assertEquals(79, ended.exit(), ended::toString);
    assertTrue(ended.out().contains("modelbake guard refused a.example:80"), ended::toString);
    assertTrue(text("outer.json").contains("a.example"), text("outer.json"));
    assertTrue(text("inner.json").contains("a.example"), text("inner.json"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"HUP", "TERM", "USR1", "USR2", "WINCH", "ALRM", "QUIT", "INT"})
  void signalsAreHandedOn(String signal) {
    String script =
        "trap 'exit 5' %s; kill -s %1$s $PPID; i=0; while [ $i -lt 600 ]; do sleep 0.05; i=$((i+1)); done"
            .formatted(signal);
    // Java starts programs with SIGQUIT blocked; nohup and the like have signals ignored.
    String unblocked =
        "import os, signal, sys; signal.pthread_sigmask(signal.SIG_SETMASK, []);"
            + " os.execv(sys.argv[1], sys.argv[1:])";
    Program check = check("-q", "--", "sh", "-c", script);
    Program.Ended ended =
        Program.of("env", "--default-signal", PYTHON, "-c", unblocked)
            .and(check.command().toArray())
            .in(work)
            .run();
    assertEquals(5, ended.exit(), ended::toString);
  }

  @Test
  void closedStreamsAreEmpty() {
    Program check = check("-q", "--", "readlink", "/proc/self/fd/0");
    Program.Ended ended =
        Program.of("sh", "-c", "exec \"$0\" \"$@\" <&-")
            .and(check.command().toArray())
            .in(work)
            .run();
    assertEquals("/dev/null\n", ended.out(), ended::toString);
  }
}
