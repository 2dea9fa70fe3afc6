package dev.modelbake.whole;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.modelbake.model.Digest;
import dev.modelbake.testing.DiskPicture;
import dev.modelbake.testing.FaultCase;
import dev.modelbake.testing.Mounts;
import dev.modelbake.testing.Peers;
import dev.modelbake.testing.Program;
import dev.modelbake.testing.Program.Ended;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Images with other users, layers, lists of access and links, through the launcher; needs root. */
class OwnersIT {
  private static final byte[] MODEL = "weights".getBytes(UTF_8);
  private static final int APP = 54321;
  private static final int ROUNDS = 25;
  private static final String AS_APP = "setpriv --reuid=54321 --regid=54321 --clear-groups";

  @TempDir Path directory;

  private Path root = Path.of("");
  private Path outside = Path.of("");
  private Mounts mounts = Mounts.none();

  @BeforeEach
  void begin() throws IOException {
    mounts = Mounts.asRoot();
    Peers.require("setpriv");
    Files.setAttribute(directory, "unix:mode", 0755);
    root = Files.createDirectory(directory.resolve("root"));
    outside = Files.createDirectory(directory.resolve("outside"));
    Files.createDirectories(outside.resolve("models"));
    Files.writeString(outside.resolve("a.bin"), "a file of somebody else");
    Files.write(outside.resolve("models/a.bin"), MODEL);
    Files.setAttribute(outside.resolve("models/a.bin"), "unix:mode", 0600);
    Files.write(directory.resolve("a.bin"), MODEL);
    Files.write(directory.resolve("a.zip"), zip());
  }

  @AfterEach
  void end() throws Exception {
    mounts.takeBack();
  }

  private static byte[] zip() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      zip.putNextEntry(new ZipEntry("sub/x.bin"));
      zip.write(MODEL);
    }
    return bytes.toByteArray();
  }

  private static String pin(byte[] bytes) {
    return "sha256: %s, size: %d".formatted(Digest.ofBytes(bytes).hex(), bytes.length);
  }

  private void manifest(String owner, String dir) throws IOException {
    Files.writeString(
        directory.resolve("models.yaml"),
        """
        schema: modelbake/1
        owner: %s
        models:
          - name: m
            dir: %s
            files:
              - {url: "file:a.bin", %s}
        """
            .formatted(owner, dir, pin(MODEL)));
  }

  private Program bake(Object... more) {
    return Launcher.in(directory, "bake", "--root", root).and(more);
  }

  private static Ended under(String command, Program program) {
    return new Program(List.of(command.split(" ")), program.environment(), program.directory())
        .and(program.command().toArray())
        .run();
  }

  private void assertExit(int code, Ended ended) {
    assertEquals(code, ended.exit(), ended::toString);
  }

  private void give(String path) throws IOException {
    Path made = Files.createDirectories(root.resolve(path));
    Files.setAttribute(made, "unix:uid", APP);
    Files.setAttribute(made, "unix:gid", APP);
  }

  /** Every sort of thing that a manifest can ask for. */
  private void everything() throws IOException {
    Files.writeString(
        directory.resolve("models.yaml"),
        """
        schema: modelbake/1
        owner: %d:%d
        models:
          - name: flat
            dir: /opt/models/flat
            dirs: [empty]
            files:
              - {url: "file:a.bin", also: [second/a.bin], mode: "0600", %s}
          - name: tree
            dir: /opt/models/tree
            files:
              - {url: "file:a.zip", unpack: zip, %s, members: [{path: sub/x.bin, %s}]}
          - name: org/hub
            dir: /opt/models/hub
            huggingface: {repo: org/hub, revision: "%s", ref: main}
            files:
              - {path: config.json, mirrors: ["file:a.bin"], %s}
        """
            .formatted(APP, APP, pin(MODEL), pin(zip()), pin(MODEL), "a".repeat(40), pin(MODEL)));
  }

  @Test
  @FaultCase(124)
  void aBakeWithNothingToDoCopiesNothingUp() throws Exception {
    everything();
    Path lower = Files.createDirectory(directory.resolve("lower"));
    Launcher.in(directory, "bake", "--root", lower).run().ok();
    Path layer = Files.createDirectory(directory.resolve("layer"));
    mounts.layered(lower, layer, root);
    Path store = directory.resolve("store");
    for (Program again :
        List.of(
            bake(),
            bake("--store", store),
            bake("--offline"),
            bake(
                "--receipt", directory.resolve("receipt"), "--report", directory.resolve("report")),
            Launcher.in(directory, "plan", "--root", root),
            Launcher.in(directory, "verify", "--root", root, "--strict", "--as", "54321"))) {
      assertExit(0, again.run());
      assertEquals("", DiskPicture.names(layer.resolve("upper")), again::toString);
    }
  }

  @Test
  void aBakeOfOneNewFileCopiesNoOtherFileUp() throws Exception {
    everything();
    Path lower = Files.createDirectory(directory.resolve("lower"));
    Launcher.in(directory, "bake", "--root", lower).run().ok();
    Files.writeString(lower.resolve("opt/models/tree/sub/x.bin"), "old");
    Path layer = Files.createDirectory(directory.resolve("layer"));
    mounts.layered(lower, layer, root);
    assertExit(0, bake().run());
    assertEquals(
        "opt\nopt/models\nopt/models/tree\nopt/models/tree/sub\nopt/models/tree/sub/x.bin",
        DiskPicture.names(layer.resolve("upper")));
  }

  @Test
  @FaultCase(121)
  void anImageWithoutUsersTakesNumbersAndSaysSoOfNames() throws IOException {
    manifest("appuser", "/opt/models");
    Ended named = bake().run();
    assertExit(73, named);
    assertTrue(named.err().contains("useradd"), named::toString);
    manifest("54321", "~/models");
    Ended home = bake().run();
    assertExit(78, home);
    assertTrue(home.err().contains("home:"), home::toString);
    assertEquals("", DiskPicture.names(root));
    manifest("54321", "/opt/models");
    assertExit(0, bake().run());
    assertEquals(APP, Files.getAttribute(root.resolve("opt/models/a.bin"), "unix:uid"));
  }

  /** As OpenShift runs images: a number that no passwd knows, without a home. */
  @Test
  void aUserWithoutANameBakesForItself() throws IOException {
    manifest("self", "/opt/models");
    give("opt");
    Ended ended = under(AS_APP, readable(bake().with("HOME", "")));
    assertExit(0, ended);
    assertEquals(APP, Files.getAttribute(root.resolve("opt/models/a.bin"), "unix:uid"));
    assertExit(0, under(AS_APP, readable(Launcher.in(directory, "verify", "--root", root))));
  }

  /** The launcher stands where another user may not look: it is bound where all may. */
  private Program readable(Program program) throws IOException {
    Path home = directory.resolve("tool");
    if (Files.notExists(home)) {
      Program.of("cp", "-a", Launcher.PROGRAM.getParent().getParent(), home).run().ok();
    }
    return new Program(
        program.command().stream()
            .map(word -> word.equals(Launcher.PROGRAM.toString()) ? home + "/bin/modelbake" : word)
            .toList(),
        program.environment(),
        program.directory());
  }

  @Test
  void aNamespaceWithOneUserBakesForItself() throws IOException {
    Peers.require("unshare");
    manifest("self", "/opt/models");
    assertExit(0, under("unshare -Ur", bake()));
    assertExit(0, under("unshare -Ur", Launcher.in(directory, "verify", "--root", root)));
    manifest("54321", "/opt/other");
    Ended refused = under("unshare -Ur", bake());
    assertExit(73, refused);
    assertTrue(refused.err().contains("not mapped"), refused::toString);
    assertFalse(Files.exists(root.resolve("opt/other")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"000", "022", "077", "777"})
  @FaultCase(122)
  void modesDoNotDependOnTheUmask(String umask) throws IOException {
    everything();
    Ended ended =
        Program.of("sh", "-c", "umask " + umask + " && exec \"$@\"", "sh")
            .and(bake("--store", directory.resolve("store")).command().toArray())
            .in(directory)
            .run();
    assertExit(0, ended);
    String umasked = DiskPicture.of(root.resolve("opt"));
    Program.of("rm", "-rf", root.resolve("opt")).run().ok();
    assertExit(0, bake().run());
    assertEquals(DiskPicture.of(root.resolve("opt")), umasked);
  }

  @Test
  @FaultCase(126)
  void inAStickyDirectoryFilesOfOthersAreNotReplaced() throws IOException {
    manifest("self", "/shared");
    Path shared = Files.createDirectory(root.resolve("shared"));
    Files.setAttribute(shared, "unix:mode", 01777);
    Files.writeString(shared.resolve("a.bin"), "other bytes");
    Ended refused = under(AS_APP, readable(bake()));
    assertExit(73, refused);
    assertTrue(refused.err().contains("sticky"), refused::toString);
    assertEquals("a.bin", DiskPicture.names(shared));
    Files.delete(shared.resolve("a.bin"));
    assertExit(0, under(AS_APP, readable(bake())));
    assertEquals("a.bin", DiskPicture.names(shared));
    assertEquals(APP, Files.getAttribute(shared.resolve("a.bin"), "unix:uid"));
  }

  @Test
  @FaultCase(125)
  void aDefaultListOfAccessChangesNoMode() throws Exception {
    Peers.require("setfacl", "getfacl");
    everything();
    Path opt = Files.createDirectory(root.resolve("opt"));
    for (String list : List.of("u::rwx,g::rwx,o::---", "u::rwx,u:4711:rwx,g::---,m::rwx,o::rwx")) {
      Mounts.run("setfacl", "-d", "-m", list, opt.toString());
      Mounts.run("rm", "-rf", opt + "/models");
      assertExit(0, bake().run());
      Path file = opt.resolve("models/flat/a.bin");
      assertEquals(0100600, Files.getAttribute(file, "unix:mode"), list);
      assertEquals(040755, Files.getAttribute(file.getParent(), "unix:mode"), list);
      assertExit(0, Launcher.in(directory, "verify", "--root", root).run());
      // Whoever the list names has no more than the group of the mode.
      String access = Mounts.run("getfacl", "-p", "-c", file.toString());
      assertFalse(access.contains("user:4711:rwx\n"), access);
    }
  }

  @Test
  @FaultCase(97)
  void anAbsoluteLinkBelowTheRootStaysBelowIt() throws IOException {
    manifest("54321", "/opt/models");
    String before = DiskPicture.of(outside);
    Files.createSymbolicLink(root.resolve("opt"), outside);
    Ended nowhere = bake().run();
    assertExit(73, nowhere);
    assertEquals(before, DiskPicture.of(outside));
    Files.createDirectories(Path.of(root + outside.toString()));
    assertExit(0, bake().run());
    assertTrue(Files.exists(Path.of(root + outside.toString(), "models/a.bin")));
    assertEquals(before, DiskPicture.of(outside));
    Files.delete(root.resolve("opt"));
    Files.createSymbolicLink(root.resolve("opt"), Path.of("../../../../../../" + outside));
    assertExit(0, bake().run());
    assertEquals(before, DiskPicture.of(outside));
  }

  @ParameterizedTest
  @ValueSource(strings = {"/home/app/link/models", "/home/app/dir/link/models"})
  void rootFollowsNoLinkInADirectoryOfAnotherUser(String dir) throws IOException {
    manifest("54321", dir);
    give("home/app");
    give("home/app/dir");
    Files.createDirectories(root.resolve("data"));
    for (String link : List.of("home/app/link", "home/app/dir/link")) {
      Files.createSymbolicLink(root.resolve(link), Path.of("/data"));
    }
    String before = DiskPicture.of(root);
    Ended refused = bake().run();
    assertExit(73, refused);
    assertTrue(refused.err().contains("another user"), refused::toString);
    assertEquals(before, DiskPicture.of(root));
  }

  /** Another user swaps a directory of its own for a link while root bakes into it. */
  @ParameterizedTest
  @Tag("chaos")
  @ValueSource(strings = {"new", "replaced", "mended"})
  @FaultCase(97)
  void aDirectoryThatIsSwappedForALinkLeadsNowhere(String what) throws Exception {
    Peers.require("python3");
    manifest("54321", "/home/app/cache/models");
    give("home/app");
    give("home/app/cache");
    give("home/app/cache/models");
    String before = DiskPicture.of(outside);
    Path app = root.resolve("home/app");
    Files.createSymbolicLink(app.resolve("link"), outside);
    // renameat2(2) with RENAME_EXCHANGE: there is always something at both names.
    String python =
        """
        import ctypes, os, sys
        os.chdir(sys.argv[1])
        exchange = ctypes.CDLL(None).renameat2
        print('ready', flush=True)
        while True:
            exchange(-100, b'cache', -100, b'link', 2)
        """;
    Process swapper =
        Program.of("setpriv", "--reuid=54321", "--regid=54321", "--clear-groups")
            .and("/usr/bin/python3", "-c", python, app)
            .builder()
            .redirectErrorStream(true)
            .start();
    try {
      assertEquals('r', swapper.getInputStream().read());
      for (int i = 0; i < ROUNDS; i++) {
        Program.of("kill", "-STOP", swapper.pid()).run().ok();
        while (!Files.readString(Path.of("/proc/" + swapper.pid() + "/stat")).contains(") T ")) {
          Thread.sleep(1);
        }
        prepare(what, app);
        Program.of("kill", "-CONT", swapper.pid()).run().ok();
        Ended ended = bake("-q").run();
        assertTrue(List.of(0, 73, 74, 75).contains(ended.exit()), ended::toString);
        assertEquals(before, DiskPicture.of(outside), i + " " + ended);
      }
    } finally {
      swapper.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
    }
  }

  /** Puts the directory back to its name, and makes something to do in it. */
  private static void prepare(String what, Path app) throws IOException {
    if (Files.isSymbolicLink(app.resolve("cache"))) {
      Files.move(app.resolve("cache"), app.resolve("was"));
      Files.move(app.resolve("link"), app.resolve("cache"));
      Files.move(app.resolve("was"), app.resolve("link"));
    }
    Path file = app.resolve("cache/models/a.bin");
    switch (what) {
      case "new" -> Files.deleteIfExists(file);
      case "replaced" -> Files.writeString(file, "old");
      default -> {
        Files.write(file, MODEL);
        Files.setAttribute(file, "unix:uid", 0);
      }
    }
  }
}
