package dev.modelbake.whole;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.modelbake.model.Digest;
import dev.modelbake.testing.DiskPicture;
import dev.modelbake.testing.FaultCase;
import dev.modelbake.testing.Mounts;
import dev.modelbake.testing.Peers;
import dev.modelbake.testing.Program;
import dev.modelbake.testing.Program.Ended;
import dev.modelbake.testing.RawServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Disks, limits and surroundings that are not as they should be, through the launcher. */
class MachineFaultsIT {
  private static final int SIZE = 3_000_000;

  @TempDir Path directory;

  private byte[] model = {};
  private Path out = Path.of("");
  private Mounts mounts = Mounts.none();

  @BeforeEach
  void begin() throws IOException {
    model = new byte[SIZE];
    new Random(3).nextBytes(model);
    Files.write(directory.resolve("a.bin"), model);
    out = directory.resolve("out");
    manifest("a.bin");
  }

  @AfterEach
  void end() throws Exception {
    mounts.takeBack();
  }

  private void manifest(String... paths) throws IOException {
    manifestOf("file:a.bin", paths);
  }

  private void manifestOf(String url, String... paths) throws IOException {
    StringBuilder files = new StringBuilder();
    for (String path : paths) {
      files.append(
          "      - {url: \"%s\", path: \"%s\", sha256: %s, size: %d}\n"
              .formatted(url, path, Digest.ofBytes(model).hex(), model.length));
    }
    Files.writeString(
        directory.resolve("models.yaml"),
        "schema: modelbake/1\nowner: self\nmodels:\n  - name: m\n    dir: %s\n    files:\n%s"
            .formatted(out, files));
  }

  private Program modelbake(Object... arguments) {
    return Launcher.in(directory, arguments);
  }

  /** The same under another program. */
  private static Program under(Program program, Object... command) {
    return new Program(List.of(), program.environment(), program.directory())
        .and(command)
        .and(program.command().toArray());
  }

  private Program injected(String what, Program program) {
    Peers.require("strace");
    String call = what.substring(0, what.indexOf(':'));
    return under(
        program,
        "strace",
        "-f",
        "-qq",
        "-o",
        directory.resolve("trace"),
        "-e",
        "trace=" + call,
        "-e",
        "inject=" + what);
  }

  private void assertExit(int code, Ended ended) {
    assertEquals(code, ended.exit(), ended::toString);
    assertFalse(ended.err().contains("a bug in modelbake"), ended::toString);
  }

  private void assertBaked(String... paths) throws IOException {
    for (String path : paths) {
      assertArrayEquals(model, Files.readAllBytes(out.resolve(path)), path);
    }
    assertFalse(DiskPicture.names(out).contains(".modelbake"));
  }

  /** What no run may leave: other bytes at a final path. */
  private void assertWholeOrAbsent() throws IOException {
    Path file = out.resolve("a.bin");
    assertTrue(!Files.exists(file) || Arrays.equals(model, Files.readAllBytes(file)));
  }

  @Test
  @FaultCase(89)
  void withoutInodesTheDiskIsNamedAndNothingIsPublished() throws Exception {
    mounts = Mounts.asRoot();
    for (int inodes = 2; inodes < 8; inodes++) {
      mounts.memory(out, "size=50m,nr_inodes=" + inodes);
      manifest("a.bin", "d/b.bin", "d/e/c.bin", "d/f/g/h.bin");
      Ended ended = modelbake("bake").run();
      assertExit(74, ended);
      assertTrue(ended.err().contains("df -i"), ended::toString);
      assertEquals("", DiskPicture.names(out).replaceAll("(?m)^\\.modelbake.*\n?", ""));
      mounts.takeBack();
    }
  }

  @Test
  @FaultCase(90)
  void aLimitOnFileSizesIsSaidWithUlimit() throws IOException {
    Peers.require("prlimit");
    Ended ended = under(modelbake("bake"), "prlimit", "--fsize=2000000").run();
    assertExit(74, ended);
    assertTrue(ended.err().contains("ulimit -f"), ended::toString);
    assertFalse(Files.exists(out));
    assertExit(0, modelbake("bake").run());
    assertBaked("a.bin");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "pwrite64:error=EIO:when=1",
        "pwrite64:error=EIO:when=5+",
        "fsync:error=EIO:when=1",
        "fsync:error=EIO:when=2",
        "fsync:error=EIO:when=1+",
        "fsync:error=ENOSPC:when=1",
        "pwrite64:error=EDQUOT:when=3",
        "rename:error=EIO:when=1",
        "mkdir:error=EIO:when=1"
      })
  @FaultCase(91)
  void anErrorOfTheDiskIsNeverSuccess(String what) throws IOException {
    Ended ended = injected(what, modelbake("bake")).run();
    boolean met = Files.readString(directory.resolve("trace")).contains("INJECTED");
    assertExit(met ? 74 : 0, ended);
    assertWholeOrAbsent();
    if (met) {
      assertFalse(Files.exists(out), ended::toString);
    }
    assertExit(0, modelbake("bake").run());
    assertBaked("a.bin");
  }

  /** Of the store too, which is only a help, and of the mirror, which is all there is. */
  @Test
  @FaultCase(91)
  void anErrorOfTheDiskUnderAMirrorIsNeverSuccess() throws IOException {
    for (String what : List.of("fsync:error=EIO:when=1+", "pwrite64:error=EIO:when=2")) {
      Ended ended = injected(what, modelbake("mirror", "export", "m", "models.yaml")).run();
      assertExit(74, ended);
      assertFalse(Files.exists(directory.resolve("m/modelbake-index.json")));
    }
    assertExit(0, modelbake("mirror", "export", "m", "models.yaml").run());
    assertExit(0, modelbake("mirror", "verify", "m").run());
  }

  @Test
  @FaultCase(91)
  void aFileThatCannotBeReadBackIsNoProof() throws IOException {
    assertExit(0, modelbake("bake").run());
    Peers.require("strace");
    // Only the model: the machine reads its own files too.
    Program verify = modelbake("verify");
    Ended ended =
        under(
                verify,
                "strace",
                "-f",
                "-qq",
                "-o",
                directory.resolve("trace"),
                "-P",
                out.resolve("a.bin"),
                "-e",
                "trace=read,pread64,mmap",
                "-e",
                "inject=read,pread64:error=EIO")
            .run();
    assertExit(74, ended);
    assertTrue(ended.err().contains(out.resolve("a.bin").toString()), ended::toString);
  }

  /** A disk that takes half of every write, as the C library may be told. */
  @Test
  @FaultCase(92)
  void whatWasWrittenInPartIsWrittenOn() throws IOException {
    Peers.require("gcc");
    Path shim = directory.resolve("short.c");
    Files.writeString(
        shim,
        """
        #define _GNU_SOURCE
        #include <dlfcn.h>
        #include <sys/types.h>
        #include <unistd.h>
        ssize_t pwrite64(int fd, const void *bytes, size_t count, off64_t at) {
          static ssize_t (*real)(int, const void *, size_t, off64_t);
          if (!real) real = dlsym(RTLD_NEXT, "pwrite64");
          return real(fd, bytes, count > 1 ? count / 2 : count, at);
        }
        ssize_t pwrite(int fd, const void *bytes, size_t count, off_t at) {
          return pwrite64(fd, bytes, count, at);
        }
        """);
    Path library = directory.resolve("short.so");
    Program.of("gcc", "-shared", "-fPIC", "-O1", "-o", library, shim, "-ldl").run().ok();
    Ended ended = modelbake("bake").with("LD_PRELOAD", library.toString()).run();
    assertExit(0, ended);
    assertBaked("a.bin");
  }

  /** A disk that says it wrote and did not. */
  @ParameterizedTest
  @ValueSource(strings = {"pwrite64:retval=1000:when=2", "pwrite64:retval=8192:when=1+"})
  @FaultCase(92)
  void aWriteThatDidNotHappenIsNoticed(String what) throws IOException {
    Ended ended = injected(what, modelbake("bake")).run();
    assertNotEquals(0, ended.exit(), ended::toString);
    assertFalse(Files.exists(out), ended::toString);
    assertExit(0, modelbake("bake").run());
    assertBaked("a.bin");
  }

  /**
   * A network file system whose locks are granted to everybody: of runs that share a store one may
   * take another's partial for a dead run's.
   */
  @Test
  @FaultCase(114)
  void whereEveryLockIsGrantedNothingIsWrongAndTheNextRunIsRight() throws Exception {
    Peers.require("gcc");
    Path met = directory.resolve("met");
    Path shim = directory.resolve("locks.c");
    Files.writeString(
        shim,
        """
        #define _GNU_SOURCE
        #include <dlfcn.h>
        #include <fcntl.h>
        #include <stdarg.h>
        #include <unistd.h>
        static int (*real)(int, int, ...);
        int fcntl64(int fd, int what, ...) {
          va_list all;
          va_start(all, what);
          void *with = va_arg(all, void *);
          va_end(all);
          if (what == F_SETLK || what == F_SETLKW) {
            close(open("%s", O_CREAT | O_WRONLY, 0644));
            return 0;
          }
          if (!real) real = dlsym(RTLD_NEXT, "fcntl64");
          if (!real) real = dlsym(RTLD_NEXT, "fcntl");
          return real(fd, what, with);
        }
        int fcntl(int fd, int what, ...) {
          va_list all;
          va_start(all, what);
          void *with = va_arg(all, void *);
          va_end(all);
          return fcntl64(fd, what, with);
        }
        """
            .formatted(met));
    Path library = directory.resolve("locks.so");
    Program.of("gcc", "-shared", "-fPIC", "-O1", "-o", library, shim, "-ldl").run().ok();
    int part = SIZE / 8;
    try (RawServer slow =
        RawServer.answering(
            connection -> {
              connection.send("HTTP/1.1 200 x\r\nContent-Length: " + SIZE + "\r\n\r\n");
              for (int i = 0; i < 8; i++) {
                connection.send(
                    Arrays.copyOfRange(model, i * part, i == 7 ? SIZE : (i + 1) * part));
                Thread.sleep(100);
              }
            })) {
      manifestOf(slow.url("/a.bin"), "a.bin", "b.bin");
      List<Process> runs = new ArrayList<>();
      for (int run = 0; run < 4; run++) {
        runs.add(
            modelbake("bake", "--store", "store")
                .with("LD_PRELOAD", library.toString())
                .builder()
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("log" + run).toFile())
                .start());
      }
      for (int run = 0; run < runs.size(); run++) {
        int exit = runs.get(run).waitFor();
        String said = Files.readString(directory.resolve("log" + run));
        assertTrue(exit == 0 || (exit == 75 && said.contains("vanished")), said);
        assertWholeOrAbsent();
      }
      assertTrue(Files.exists(met), "somebody asked for a lock");
      assertExit(0, modelbake("bake", "--store", "store").run());
    }
    assertBaked("a.bin", "b.bin");
  }

  /** What file systems without links answer. */
  @Test
  @FaultCase(98)
  void withoutHardLinksFilesAreMovedOrCopied() throws IOException {
    manifest("a.bin", "b.bin");
    Path store = directory.resolve("store");
    Ended ended = injected("link,linkat:error=EPERM", modelbake("bake", "--store", store)).run();
    assertExit(0, ended);
    assertBaked("a.bin", "b.bin");
    Files.writeString(out.resolve("a.bin"), "other bytes");
    assertExit(0, injected("link,linkat:error=EPERM", modelbake("bake")).run());
    assertBaked("a.bin", "b.bin");
  }

  @Test
  @FaultCase(98)
  void withoutSymbolicLinksAHubCacheIsRefused() throws IOException {
    Files.writeString(
        directory.resolve("models.yaml"),
        """
        schema: modelbake/1
        owner: self
        models:
          - name: org/m
            dir: %s
            huggingface: {repo: org/m, revision: "%s"}
            files:
              - {path: a.bin, mirrors: ["file:a.bin"], sha256: %s, size: %d}
        """
            .formatted(out, "a".repeat(40), Digest.ofBytes(model).hex(), model.length));
    Ended ended = injected("symlink,symlinkat:error=EPERM", modelbake("bake")).run();
    assertExit(73, ended);
    assertFalse(Files.exists(out), ended::toString);
    assertExit(0, modelbake("bake").run());
  }

  @Test
  @FaultCase(99)
  void onlyTheNameOfTheFileItselfCanBeTooLong() throws IOException {
    String longest = "x".repeat(255);
    manifest("d/" + longest);
    assertExit(0, modelbake("bake", "--store", directory.resolve("store")).run());
    assertBaked("d/" + longest);
    manifest("e/" + longest + "x");
    Ended ended = modelbake("bake").run();
    assertTrue(ended.exit() == 73 || ended.exit() == 78, ended::toString);
    assertFalse(Files.exists(out.resolve("e")), ended::toString);
  }

  @Test
  @FaultCase(102)
  void whoRemovesTheStagingDirectoryInTheMiddleIsTold() throws Exception {
    Files.createDirectory(out);
    CountDownLatch half = new CountDownLatch(1);
    CountDownLatch removed = new CountDownLatch(1);
    try (RawServer server =
        RawServer.answering(
            connection -> {
              connection.send("HTTP/1.1 200 OK\r\nContent-Length: " + SIZE + "\r\n\r\n");
              connection.send(Arrays.copyOf(model, SIZE / 2));
              half.countDown();
              removed.await();
              connection.send(Arrays.copyOfRange(model, SIZE / 2, SIZE));
            })) {
      manifestOf(server.url("/a.bin"), "a.bin");
      Path log = directory.resolve("log");
      Process process =
          modelbake("bake", "-v")
              .builder()
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .start();
      try {
        assertTrue(half.await(1, TimeUnit.MINUTES));
        Program.of("rm", "-rf", out.resolve(".modelbake")).run().ok();
        removed.countDown();
        assertTrue(process.waitFor(1, TimeUnit.MINUTES));
        assertEquals(75, process.exitValue(), () -> read(log));
        assertEquals("", DiskPicture.names(out), () -> read(log));
      } finally {
        process.destroyForcibly().waitFor();
      }
      assertExit(0, modelbake("bake").run());
      assertBaked("a.bin");
    }
  }

  @Test
  @Tag("chaos")
  @FaultCase(103)
  void sixtyFourOpenFilesAreEnoughAndFewerAreSaid() throws IOException {
    Peers.require("prlimit");
    String[] paths = new String[40];
    for (int i = 0; i < paths.length; i++) {
      paths[i] = "d" + i + "/x.bin";
    }
    manifest(paths);
    assertExit(0, under(modelbake("bake", "--jobs", "16"), "prlimit", "--nofile=64:64").run());
    assertBaked(paths);
    for (int most = 12; most < 40; most += 3) {
      Program.of("rm", "-rf", out).run().ok();
      int files = most;
      Ended ended =
          under(modelbake("bake", "--jobs", "16"), "prlimit", "--nofile=" + most + ":" + most)
              .run();
      // Below some number the Java machine itself does not start.
      assertTrue(List.of(0, 1, 2, 74).contains(ended.exit()), () -> files + " " + ended);
      assertTrue(ended.exit() != 74 || ended.err().contains("ulimit -n"), ended::toString);
      assertWholeOrAbsent();
    }
  }

  @Test
  @FaultCase(17)
  void aStoppedRunGoesOn() throws Exception {
    CountDownLatch half = new CountDownLatch(1);
    CountDownLatch stopped = new CountDownLatch(1);
    CountDownLatch sent = new CountDownLatch(1);
    try (RawServer server =
        RawServer.answering(
            connection -> {
              connection.send("HTTP/1.1 200 OK\r\nContent-Length: " + SIZE + "\r\n\r\n");
              connection.send(Arrays.copyOf(model, SIZE / 2));
              half.countDown();
              stopped.await();
              // No more than the kernel keeps for somebody who does not read.
              connection.send(Arrays.copyOfRange(model, SIZE / 2, SIZE / 2 + 1000));
              sent.countDown();
              connection.send(Arrays.copyOfRange(model, SIZE / 2 + 1000, SIZE));
            })) {
      manifestOf(server.url("/a.bin"), "a.bin");
      Path log = directory.resolve("log");
      Process process =
          modelbake("bake", "-v")
              .builder()
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .start();
      try {
        assertTrue(half.await(1, TimeUnit.MINUTES));
        Program.of("kill", "-STOP", process.pid()).run().ok();
        Path state = Path.of("/proc/" + process.pid() + "/stat");
        while (!Files.readString(state).contains(") T ")) {
          Thread.sleep(10);
        }
        stopped.countDown();
        assertTrue(sent.await(1, TimeUnit.MINUTES));
        Program.of("kill", "-CONT", process.pid()).run().ok();
        assertTrue(process.waitFor(1, TimeUnit.MINUTES));
        assertEquals(0, process.exitValue(), () -> read(log));
      } finally {
        process.destroyForcibly().waitFor();
      }
      assertBaked("a.bin");
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      return e.toString();
    }
  }

  /** The Java machine itself looks whether there is IPv6: it makes sockets and closes them. */
  @ParameterizedTest
  @CsvSource({"verify,0", "'verify --json',0", "plan,0", "lint,0", "env,0", "'bake --offline',0"})
  @FaultCase(18)
  void whatNeedsNoNetworkAsksNobody(String command, int code) throws IOException {
    Peers.require("strace");
    assertExit(0, modelbake("bake").run());
    String text = Files.readString(directory.resolve("models.yaml"));
    Files.writeString(
        directory.resolve("models.yaml"),
        text.replace("file:a.bin", "https://models.example/a.bin"));
    Path trace = directory.resolve("trace");
    Ended ended =
        under(
                modelbake((Object[]) command.split(" ")),
                "strace",
                "-f",
                "-qq",
                "-o",
                trace,
                "-e",
                "trace=network")
            .run();
    assertExit(code, ended);
    List<String> asked =
        Files.readAllLines(trace).stream()
            .filter(line -> line.contains("AF_INET") && !line.contains(" socket("))
            .toList();
    assertEquals(List.of(), asked);
  }

  @Test
  @FaultCase(152)
  void aMirrorThatWantsALoginIsPassedOverForAPublicOne() throws IOException {
    try (Origin locked = new Origin();
        RawServer open =
            RawServer.answering(
                connection -> {
                  connection.send("HTTP/1.1 200 OK\r\nContent-Length: " + SIZE + "\r\n\r\n");
                  connection.send(model);
                })) {
      manifestOf(
          locked.url("/status/401") + "\", mirrors: [\"" + open.url("/a.bin") + "\"], x: \"",
          "a.bin");
      String text = Files.readString(directory.resolve("models.yaml"));
      Files.writeString(directory.resolve("models.yaml"), text.replace(", x: \"\"", ""));
      Ended ended = modelbake("bake").run();
      assertExit(0, ended);
      assertBaked("a.bin");
      assertTrue(ended.err().contains("401"), ended::toString);
      Program.of("rm", "-rf", out).run().ok();
    }
  }

  @Test
  @FaultCase(142)
  void neitherHomeNorTmpIsNeeded() throws IOException {
    Peers.require("unshare");
    Peers.requireRoot();
    assertExit(0, under(modelbake("bake"), "env", "-i").run());
    assertBaked("a.bin");
    Program.of("rm", "-rf", out).run().ok();
    // /tmp cannot be written; the directory of the test, and the tool, stand elsewhere.
    String script =
        "mount --bind \"$1\" /mnt && mount --bind \"$2\" /media && mount -t tmpfs -o ro tmpfs /tmp"
            + " && cd /mnt && exec env -i /media/bin/modelbake bake";
    Files.writeString(
        directory.resolve("models.yaml"),
        Files.readString(directory.resolve("models.yaml")).replace(out.toString(), "/mnt/out"));
    Ended ended =
        Program.of("unshare", "-m", "sh", "-c", script, "sh", directory)
            .and(Launcher.PROGRAM.getParent().getParent())
            .run();
    assertExit(0, ended);
    assertBaked("a.bin");
  }

  @Test
  @FaultCase(142)
  void aDirectoryThatIsGoneIsSaid() throws IOException {
    Ended ended =
        Program.of("sh", "-c", "mkdir gone && cd gone && rmdir ../gone && exec \"$@\"", "sh")
            .and(Launcher.PROGRAM, "bake", directory.resolve("models.yaml"))
            .in(directory)
            .run();
    assertTrue(ended.exit() == 0 || ended.exit() == 73, ended::toString);
    assertFalse(ended.all().contains("VM"), ended::toString);
    assertFalse(ended.all().contains("Exception"), ended::toString);
  }

  /** Every text and format is the same whatever the language, the terminal and its width. */
  @Test
  @Tag("chaos")
  @FaultCase(143)
  void textsDoNotDependOnLanguageOrTerminal() throws IOException {
    List<List<String>> commands =
        List.of(
            List.of("--help"),
            List.of("bake", "--help"),
            List.of("plan", "--json"),
            List.of("plan", "-v"),
            List.of("verify", "--json"),
            List.of("lint", "wrong.yaml"),
            List.of("lint", "--json", "wrong.yaml"),
            List.of("catalog", "list"),
            List.of("dockerfile"),
            List.of("bake", "INVALID.yaml"),
            List.of("bake", "--PROGRESS", "plain"));
    Files.writeString(
        directory.resolve("wrong.yaml"),
        "schema: modelbake/1\nowner: self\nmodels:\n  - name: INI\n    dir: /x\n    Files: []\n    licence: MIT\n");
    for (List<String> command : commands) {
      Program plain = modelbake(command.toArray()).with("LC_ALL", "C.UTF-8");
      Ended expected = plain.run();
      for (Program other :
          List.of(
              plain.with("MODELBAKE_JAVA_OPTS", "-Duser.language=tr -Duser.country=TR"),
              plain.with("MODELBAKE_JAVA_OPTS", "-Duser.language=ar -Duser.country=EG"),
              plain.with("LC_ALL", "tr_TR.UTF-8").with("LANG", "tr_TR.UTF-8"),
              plain.with("LC_ALL", "").with("LANG", "C"),
              plain.with("TERM", "dumb").with("COLUMNS", "0"),
              plain.with("TERM", "").with("COLUMNS", "-7").with("LINES", "x"))) {
        assertEquals(unmeasured(expected), unmeasured(other.run()), other::toString);
      }
    }
    for (String file : List.of("FILE:a.bin", "file:a.bin")) {
      Program.of("rm", "-rf", out).run().ok();
      manifestOf(file, "a.bin");
      Ended baked =
          modelbake("bake", "--report", "report", "--receipt", "receipt")
              .with("MODELBAKE_JAVA_OPTS", "-Duser.language=tr -Duser.country=TR")
              .with("TERM", "dumb")
              .with("COLUMNS", "0")
              .run();
      assertExit(0, baked);
      assertBaked("a.bin");
      for (String document : List.of("report", "receipt")) {
        String text = Files.readString(directory.resolve(document));
        Matcher dotless = Pattern.compile("[ıİ]").matcher(text);
        assertFalse(dotless.find(), text);
      }
    }
  }

  /** Without the lines that tell how much of a disk is free just now. */
  private static String unmeasured(Ended ended) {
    return ended.toString().replaceAll("(?m)^.*free.*$", "");
  }

  @Test
  @FaultCase(143)
  void onATerminalWithoutWidthALineIsDrawnAllTheSame() throws IOException {
    Peers.require("script");
    Path script =
        Files.writeString(
            directory.resolve("run.sh"), "exec %s bake\n".formatted(Launcher.PROGRAM));
    for (String term : List.of("dumb", "", "xterm")) {
      Program.of("rm", "-rf", out).run().ok();
      Ended ended =
          Program.of("script", "-qec", "sh " + script, "/dev/null")
              .in(directory)
              .with("TERM", term)
              .with("COLUMNS", "0")
              .run();
      assertExit(0, ended);
      assertBaked("a.bin");
    }
  }

  /** A tenth of one processor, by a group of the kernel. */
  @Test
  @Tag("chaos")
  @FaultCase(144)
  void aTenthOfAProcessorIsEnough() throws IOException {
    Peers.require("taskset");
    Peers.requireRoot();
    Path first = Path.of("/sys/fs/cgroup/cpu/cpu.cfs_quota_us");
    Path group =
        Files.createDirectory(
            (Files.exists(first) ? first.getParent() : Path.of("/sys/fs/cgroup"))
                .resolve("modelbake-" + ProcessHandle.current().pid()));
    try {
      if (Files.exists(first)) {
        Files.writeString(group.resolve("cpu.cfs_quota_us"), "10000");
      } else {
        Files.writeString(group.resolve("cpu.max"), "10000 100000");
      }
      String join = "echo $$ > \"$1/cgroup.procs\" && shift && exec taskset -c 0 \"$@\"";
      for (String command : List.of("bake --jobs 16 --connections 16", "verify")) {
        Program program = modelbake((Object[]) command.split(" "));
        assertExit(0, under(program, "sh", "-c", join, "sh", group).run());
      }
      assertBaked("a.bin");
    } finally {
      Files.delete(group);
    }
  }
}
