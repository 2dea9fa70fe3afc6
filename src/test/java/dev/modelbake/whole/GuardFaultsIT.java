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
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What goes wrong around a guarded command, with Java and with the file that needs none. */
class GuardFaultsIT {
  private static final String PYTHON = "/usr/bin/python3";
  private static final String REACH =
      "import socket\ntry: socket.create_connection(('192.0.2.1', 80))\nexcept OSError: pass";

  @TempDir static Path shared;
  @TempDir Path work;

  /** The two programs that guard. */
  enum Form {
    JAVA,
    PYTHON
  }

  @BeforeAll
  static void write() {
    Peers.requirePython(PYTHON, "socket");
    Launcher.in(shared, "guard", "--emit-python", "check.py").run().ok();
  }

  @BeforeEach
  void makeTemporary() throws IOException {
    Files.createDirectory(work.resolve("tmp"));
  }

  private Program guard(Form form, Object... words) {
    Program program =
        form == Form.JAVA
            ? Launcher.in(work, "guard")
            : Program.of(PYTHON, shared.resolve("check.py")).in(work);
    return program.and(words).with("PYTHONPATH", "").with("TMPDIR", work.resolve("tmp").toString());
  }

  /** In a network namespace without a way out, where loopback is up. */
  private Program alone(Program program) {
    Peers.require("unshare", "ip");
    Peers.requireRoot();
    return new Program(
        Stream.concat(
                Stream.of("unshare", "--net", "sh", "-c", "ip link set lo up; exec \"$@\"", "sh"),
                program.command().stream())
            .toList(),
        program.environment(),
        program.directory());
  }

  private Program inShell(String script, Program program) {
    return new Program(
        Stream.concat(Stream.of("sh", "-c", script, "sh"), program.command().stream()).toList(),
        program.environment(),
        program.directory());
  }

  private static void assertSaid(Program.Ended ended, String... texts) {
    for (String text : texts) {
      assertTrue(ended.err().contains(text), () -> "no word of '" + text + "' in " + ended);
    }
    for (String foreign : List.of("java.", "Exception", "error=", "Traceback", ".modelbake-")) {
      assertFalse(ended.all().contains(foreign), () -> "'" + foreign + "' in " + ended);
    }
  }

  private String text(String file) throws IOException {
    return Files.readString(work.resolve(file));
  }

  @ParameterizedTest
  @EnumSource
  void aReportThatIsLostNeverHidesWhatTheCommandDid(Form form) {
    Program.Ended reached = guard(form, "--report", "/dev/full", "--", PYTHON, "-c", REACH).run();
    assertEquals(79, reached.exit(), reached::toString);
    assertSaid(reached, "error: writing /dev/full", "No space left on device");
    Program.Ended own = guard(form, "--report", "/dev/full", "--", "sh", "-c", "exit 5").run();
    assertEquals(5, own.exit(), own::toString);
    assertSaid(own, "error: writing /dev/full");
    Program.Ended good = guard(form, "-q", "--report", "/dev/full", "--", "true").run();
    assertEquals(74, good.exit(), good::toString);
    assertSaid(good, "error: writing /dev/full");
    Program.Ended less =
        guard(form, "--require", "evidence", "--report", "/dev/full", "--", "true").run();
    assertEquals(74, less.exit(), less::toString);
    Program.Ended out =
        inShell("exec \"$@\" >/dev/full", guard(form, "--json", "--", "sh", "-c", "exit 5")).run();
    assertEquals(5, out.exit(), out::toString);
    assertEquals(
        74, inShell("exec \"$@\" >/dev/full", guard(form, "--json", "--", "true")).run().exit());
  }

  @ParameterizedTest
  @EnumSource
  void aReportIsWrittenToADescriptorThatWasInherited(Form form) throws IOException {
    for (String name : List.of("/dev/fd/3", "/proc/self/fd/3")) {
      Program.Ended ended =
          inShell(
                  "echo before > r; exec \"$@\" 3>>r",
                  guard(form, "-q", "--report", name, "--", "true"))
              .run();
      assertEquals(0, ended.exit(), ended::toString);
      assertTrue(text("r").startsWith("before\n{"), text("r"));
      DocumentSchema.named("guard").accepts(text("r").substring("before\n".length()));
    }
    Program.Ended piped =
        inShell(
                "{ \"$@\" 3>&1 >/dev/null; } | cat > r",
                guard(form, "-q", "--report", "/dev/fd/3", "--", "true"))
            .run();
    assertEquals(0, piped.exit(), piped::toString);
    DocumentSchema.named("guard").accepts(text("r"));
    Program.Ended out =
        inShell(
                "exec \"$@\" > r",
                guard(form, "-q", "--report", "/dev/stdout", "--", "echo", "own"))
            .run();
    assertEquals(0, out.exit(), out::toString);
    assertTrue(text("r").startsWith("own\n{"), text("r"));
    assertTrue(Files.isSymbolicLink(Path.of("/dev/stdout")), "it is no file to be replaced");
  }

  @ParameterizedTest
  @CsvSource({"3>&-", "3</dev/null", "3<."})
  void aDescriptorThatCannotBeWrittenEndsBeforeTheCommandRuns(String redirection) {
    for (Form form : Form.values()) {
      Program.Ended ended =
          inShell(
                  "exec \"$@\" " + redirection,
                  guard(form, "--report", "/dev/fd/3", "--", "touch", "ran"))
              .run();
      assertEquals(74, ended.exit(), ended::toString);
      assertSaid(ended, "writing /dev/fd/3", "escriptor");
      assertFalse(Files.exists(work.resolve("ran")));
    }
  }

  @Test
  void aPipeWhoseReaderHasGoneEndsTheRunInsteadOfWaiting() {
    Program.Ended ended =
        inShell(
                "{ \"$@\" 3>&1 >/dev/null; echo $? >&2; } | true",
                guard(Form.JAVA, "-q", "--report", "/dev/fd/3", "--", "sleep", "0.2"))
            .run();
    assertSaid(ended, "writing /dev/fd/3", "\n74\n");
  }

  @ParameterizedTest
  @EnumSource
  void aPlaceThatCannotBeWrittenIsToldInPlainWords(Form form) {
    Program.Ended none = guard(form, "--report", "no/such.json", "--", "touch", "ran").run();
    assertEquals(74, none.exit(), none::toString);
    assertSaid(none, "writing no/such.json", "directory");
    Program.Ended directory = guard(form, "--report", "tmp", "--", "touch", "ran").run();
    assertEquals(74, directory.exit(), directory::toString);
    assertSaid(directory, "writing tmp", "directory");
    assertFalse(Files.exists(work.resolve("ran")));
  }

  @ParameterizedTest
  @EnumSource
  void aCommandThatDoesNotRunIsToldInPlainWords(Form form) throws IOException {
    Path script = Files.writeString(work.resolve("script"), "#!/no/such/python\n");
    Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
    Program.Ended interpreter = guard(form, "--", "./script").run();
    assertEquals(126, interpreter.exit(), interpreter::toString);
    assertSaid(interpreter, "error: running ./script", "interpreter", "first line");
    Program.Ended directory = guard(form, "--", "./tmp").run();
    assertEquals(126, directory.exit(), directory::toString);
    assertSaid(directory, "error: running ./tmp", "chmod +x");
    Program.Ended none = guard(form, "--", "./none").run();
    assertEquals(127, none.exit(), none::toString);
    assertSaid(none, "there is no such command", "check the name and PATH");
    assertEquals(127, guard(form, "--", "").run().exit());
  }

  @Test
  void whatMayNotBeLookedAtIs126AsInAShell() throws IOException {
    Peers.require("setpriv");
    Peers.requireRoot();
    Path locked = Files.createDirectory(work.resolve("locked"));
    Files.writeString(locked.resolve("tool"), "#!/bin/sh\n");
    Files.setPosixFilePermissions(locked, PosixFilePermissions.fromString("rwx------"));
    Program.Ended ended =
        Program.of("setpriv", "--reuid=65534", "--clear-groups", Launcher.PROGRAM)
            .and("guard", "--", locked.resolve("tool"))
            .in(work)
            .run();
    assertEquals(126, ended.exit(), ended::toString);
    assertSaid(ended, "not executable by this user");
  }

  @ParameterizedTest
  @EnumSource
  void aTemporaryDirectoryThatIsNoneAndAHomeThatIsReadOnlyDoNotStopIt(Form form) {
    Program.Ended ended =
        guard(form, "--", PYTHON, "-c", REACH)
            .with("TMPDIR", "/no/such")
            .with("HOME", "/proc")
            .run();
    assertEquals(79, ended.exit(), ended::toString);
    assertSaid(ended, "refused 192.0.2.1:80");
  }

  @Test
  void anEmittedFileReplacesOnlyAnEarlierOne() throws IOException {
    Path own = Files.writeString(work.resolve("guard.py"), "print('mine')\n");
    Program emit = guard(Form.JAVA, "--emit-python", "guard.py");
    Program.Ended refused = emit.run();
    assertEquals(73, refused.exit(), refused::toString);
    assertSaid(refused, "guard.py", "name another file");
    assertEquals("print('mine')\n", Files.readString(own));
    Files.writeString(own, "");
    assertEquals(73, emit.run().exit(), "an empty file may be somebody's too");
    Files.delete(own);
    emit.run().ok();
    String written = Files.readString(own);
    Files.writeString(own, written.lines().findFirst().orElseThrow() + "\n# an older one\n");
    emit.run().ok();
    assertEquals(written, Files.readString(own));
    assertEquals(written, guard(Form.JAVA, "--emit-python", "-").run().ok().out());
  }

  @ParameterizedTest
  @EnumSource
  void packetsPastHookAndProxyAreNotCalledRefusedWhereHostsAreAllowed(Form form)
      throws IOException {
    Peers.require("curl");
    Object[] curl = {"curl", "--noproxy", "*", "-s", "http://192.0.2.1/"};
    Program.Ended allowed =
        alone(guard(form, "--allow", "192.0.2.1", "--report", "r", "--").and(curl)).run();
    assertEquals(7, allowed.exit(), allowed::toString);
    assertSaid(allowed, "layer kernel absent: ", "without --allow", "not seen: where ");
    assertFalse(allowed.err().contains("proof: no route"), allowed::toString);
    DocumentSchema.named("guard").accepts(text("r"));
    Program.Ended strict = alone(guard(form, "--").and(curl)).run();
    assertEquals(79, strict.exit(), strict::toString);
    assertSaid(strict, "strace", "proof: ");
    Program.Ended silent =
        alone(guard(form, "--allow", "192.0.2.1", "--require", "proof", "--", "true")).run();
    assertEquals(0, silent.exit(), silent::toString);
    assertSaid(silent, "proof: ");
    Program.Ended wanted =
        alone(
                guard(form, "-q", "--allow", "192.0.2.1", "--require", "proof", "--")
                    .and("sh", "-c", "curl --noproxy '*' -s http://192.0.2.1/; true"))
            .run();
    assertEquals(78, wanted.exit(), wanted::toString);
    assertSaid(wanted, "--require proof", "without --allow");
  }

  @ParameterizedTest
  @EnumSource
  void theAdviceFitsThePlace(Form form) {
    Program.Ended routed = guard(form, "-q", "--require", "proof", "--", "true").run();
    assertSaid(routed, "docker run --network none");
    Peers.require("unshare");
    Peers.requireRoot();
    Program down = guard(form, "--require", "proof", "--", "true");
    Program.Ended lonely =
        new Program(
                Stream.concat(Stream.of("unshare", "--net"), down.command().stream()).toList(),
                down.environment(),
                down.directory())
            .run();
    assertEquals(78, lonely.exit(), lonely::toString);
    assertSaid(lonely, "ip link set lo up");
    assertFalse(lonely.err().contains("docker run"), lonely::toString);
    Program.Ended nothing = guard(form, "-q", "--require", "evidence", "--", "true").run();
    assertEquals(78, nothing.exit(), nothing::toString);
    assertSaid(nothing, "the hook started in no Python", "run it without a network");
  }

  @ParameterizedTest
  @EnumSource
  void aFaultOfTheHookIsToldAndDoesNotBreakTheProgram(Form form) throws IOException {
    String code =
        """
        import sys
        class Odd:
            family = 2
        sys.audit("socket.connect")
        sys.audit("socket.connect", Odd(), 5)
        sys.audit("subprocess.Popen", "x", 7, None, None)
        print("goes on")
        """;
    Program.Ended ended = guard(form, "--report", "r", "--", PYTHON, "-c", code).run();
    assertEquals(0, ended.exit(), ended::toString);
    assertEquals("goes on\n", ended.out());
    assertTrue(
        ended.err().contains("not seen: what a Python did when the hook failed: socket.connect"),
        ended::toString);
    assertTrue(ended.err().contains("layer python absent: the hook failed"), ended::toString);
    assertTrue(ended.err().contains("nothing is known"), ended::toString);
    DocumentSchema.named("guard").accepts(text("r"));
    assertTrue(text("r").contains("subprocess.Popen"), text("r"));
    Program.Ended refused = guard(form, "--", PYTHON, "-c", code + REACH).run();
    assertEquals(79, refused.exit(), refused::toString);
  }

  @ParameterizedTest
  @EnumSource
  void whatAKilledGuardLeftIsRemovedByTheNext(Form form) throws Exception {
    Path ready = work.resolve("ready");
    Process killed =
        guard(form, "--", "sh", "-c", "echo > ready; exec sleep 60")
            .builder()
            .redirectErrorStream(true)
            .redirectOutput(work.resolve("out").toFile())
            .start();
    while (!Files.exists(ready)) {
      assertTrue(killed.isAlive());
      Thread.onSpinWait();
    }
    List<Path> living = left();
    assertEquals(1, living.size(), living::toString);
    guard(form, "--", "true").run().ok();
    assertEquals(living, left(), "its guard is alive");
    killed.destroyForcibly().waitFor();
    assertEquals(living, left());
    guard(form, "--", "true").run().ok();
    assertEquals(List.of(), left());
  }

  private List<Path> left() throws IOException {
    try (Stream<Path> all = Files.list(work.resolve("tmp"))) {
      return all.toList();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "require('net').connect(80, '192.0.2.1').on('error', () => {})",
        "require('net').connect(80, '2001:db8::1').on('error', () => {})",
        "require('dgram').createSocket('udp4').on('error', () => {}).send('x', 53, '192.0.2.1', () => process.exit())",
        "require('dgram').createSocket('udp6').on('error', () => {}).send('x', 53, '2001:db8::1', () => process.exit())"
      })
  void theKernelCountsAddressesOfBothFamiliesAndDatagrams(String code) {
    Peers.require("node");
    Program.Ended ended = alone(guard(Form.JAVA, "--", "node", "-e", code)).run();
    assertEquals(79, ended.exit(), ended::toString);
    assertSaid(ended, "a place that only the kernel saw", "(kernel)");
  }

  @Test
  void theKernelCountsTenThousandConnectionsAsOneAttempt() {
    Program.Ended ended =
        alone(
                guard(Form.JAVA, "--", PYTHON, "-I", "-c")
                    .and(
                        "import socket\nfor i in range(10000):\n"
                            + "  with socket.socket() as s: s.connect_ex(('192.0.2.1', 80))"))
            .run();
    assertEquals(79, ended.exit(), ended::toString);
    assertEquals(1, ended.err().lines().filter(line -> line.startsWith("refused")).count());
    assertSaid(ended, ", 10000 times: ");
  }

  @Test
  void whoeverIsNotRootGetsProofToo() {
    Peers.require("setpriv", "node");
    Program.Ended ended =
        alone(
                Program.of("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups")
                    .and(Launcher.PROGRAM, "guard", "--require", "proof", "--", "node", "-e")
                    .and("require('net').connect(80, '192.0.2.1').on('error', () => {})")
                    .with("HOME", "/nonexistent"))
            .run();
    assertEquals(79, ended.exit(), ended::toString);
    assertSaid(ended, "proof: no route leads out");
  }

  @Test
  void aDaemonThatForkedTwiceAndEmptiedItsEnvironmentIsToldAndCounted() {
    Program.Ended ended =
        alone(
                guard(Form.JAVA, "--", PYTHON, "-c")
                    .and(
                        """
                        import os, time
                        if os.fork() == 0:
                            os.setsid()
                            if os.fork() == 0:
                                code = "import socket, time; time.sleep(0.3); socket.socket().connect_ex(('192.0.2.1', 80)); time.sleep(60)"
                                os.execve("/usr/bin/python3", ["python3", "-c", code], {})
                            time.sleep(0.2)
                            os._exit(0)
                        os.wait()
                        time.sleep(1)
                        """))
            .run();
    assertEquals(79, ended.exit(), ended::toString);
    assertSaid(ended, "(kernel)", "ran without the variables of the guard", "left behind");
  }
}
