package dev.modelbake.publish;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.modelbake.model.BakeEvent;
import dev.modelbake.model.BakeListener;
import dev.modelbake.model.CannotCreateException;
import dev.modelbake.model.DiskException;
import dev.modelbake.model.Owner;
import dev.modelbake.model.Plan;
import dev.modelbake.model.PlannedFile;
import dev.modelbake.store.Partial;
import dev.modelbake.testing.DiskPicture;
import dev.modelbake.testing.FaultCase;
import dev.modelbake.testing.Mounts;
import dev.modelbake.testing.PlannedFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.bouncycastle.crypto.ExtendedDigest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Publication with real owners, mounts and file flags; needs root. */
class PublishIT {
  private static final long NOBODY_ELSE = 54321;

  @TempDir Path temporary;
  private Path root = Path.of("");
  private Mounts mounts = Mounts.none();
  private final PlannedFiles files = PlannedFiles.ownedBy(new Owner(0, 0));
  private final PlannedFiles owned = PlannedFiles.ownedBy(new Owner(NOBODY_ELSE, NOBODY_ELSE));

  @BeforeEach
  void needRoot() throws IOException {
    mounts = Mounts.asRoot();
    Files.setAttribute(temporary, "unix:mode", 0755);
    root = Files.createDirectory(temporary.resolve("root"));
    Files.setAttribute(root, "unix:mode", 0755);
  }

  @AfterEach
  void unmount() throws Exception {
    mounts.takeBack();
  }

  @Test
  void filesAndTheDirectoriesWeMakeAreTheOwnersAndOthersStay() throws Exception {
    Files.createDirectories(root.resolve("opt"));
    bake(
        owned,
        owned.file("/opt/models/u2net/a", "text"),
        owned.members("/opt/t", Map.of("x", "1")));
    for (String ours : List.of("opt/models", "opt/models/u2net", "opt/models/u2net/a", "opt/t/x")) {
      assertEquals(new Owner(NOBODY_ELSE, NOBODY_ELSE), owner(ours), ours);
    }
    assertEquals(new Owner(0, 0), owner("opt"));
  }

  @Test
  @FaultCase(124)
  void aWrongOwnerIsMendedInPlace() throws Exception {
    bake(files, files.file("/a", "text"));
    Object inode = Files.getAttribute(root.resolve("a"), "unix:ino");
    bake(owned, owned.file("/a", "text"));
    assertEquals(new Owner(NOBODY_ELSE, NOBODY_ELSE), owner("a"));
    assertEquals(inode, Files.getAttribute(root.resolve("a"), "unix:ino"));
  }

  @Test
  @FaultCase(123)
  void aDirectoryThatTheOwnerCannotPassIsNamed() throws Exception {
    Path closed = Files.createDirectory(root.resolve("closed"));
    Files.setAttribute(closed, "unix:mode", 0700);
    List<String> notices = new ArrayList<>();
    TextBake.bake(
        owned,
        PlannedFiles.plan(root, owned.file("/closed/models/a", "text")),
        event -> {
          if (event instanceof BakeEvent.Notice notice) {
            notices.add(notice.text());
          }
        });
    assertEquals(
        List.of("user 54321:54321 cannot get at files: %s is 0:0 0700".formatted(closed)), notices);
  }

  @Test
  void aSetgidParentDoesNotChooseGroupOrMode() throws Exception {
    Path shared = Files.createDirectory(root.resolve("shared"));
    Files.setAttribute(shared, "unix:gid", (int) NOBODY_ELSE);
    Files.setAttribute(shared, "unix:mode", 02775);
    bake(files, files.file("/shared/a", "text"), files.file("/shared/new/b", "text"));
    assertEquals(new Owner(0, 0), owner("shared/a"));
    assertEquals(new Owner(0, 0), owner("shared/new"));
    assertEquals(040755, Files.getAttribute(root.resolve("shared/new"), "unix:mode"));
  }

  @Test
  void aSharedDirectoryGetsItsSetgidBit() throws Exception {
    PlannedFiles shared = new PlannedFiles(new Owner(NOBODY_ELSE, 0), "0664", "2775");
    bake(shared, shared.file("/models/a", "text"));
    assertEquals(042775, Files.getAttribute(root.resolve("models"), "unix:mode"));
    assertEquals(0100664, Files.getAttribute(root.resolve("models/a"), "unix:mode"));
  }

  @Test
  void whoIsNotInTheGroupOfSharedFilesIsTold() throws Exception {
    Files.setAttribute(root, "unix:uid", (int) NOBODY_ELSE);
    String out =
        run(
            List.of("setpriv", "--reuid=54321", "--regid=54321", "--clear-groups"),
            "54321:0",
            "/models/a=text");
    assertTrue(out.startsWith("CANNOT_CREATE"), out);
    assertTrue(out.contains("not in group 0"), out);
  }

  @Test
  void whoIsInTheGroupOfSharedFilesBakesThem() throws Exception {
    Files.setAttribute(root, "unix:uid", (int) NOBODY_ELSE);
    String out =
        run(
            List.of("setpriv", "--reuid=54321", "--regid=54321", "--groups=0"),
            "54321:0",
            "/models/a=text");
    assertEquals("OK", out.strip());
    assertEquals(new Owner(NOBODY_ELSE, 0), owner("models/a"));
  }

  @Test
  void aLinkThatAnotherUserMayHavePlantedIsNotFollowed() throws Exception {
    Path home = Files.createDirectories(root.resolve("home/app"));
    Files.createDirectories(root.resolve("data"));
    Files.setAttribute(home, "unix:uid", (int) NOBODY_ELSE);
    Files.createSymbolicLink(home.resolve(".cache"), Path.of("/data"));
    CannotCreateException e =
        assertThrows(
            CannotCreateException.class,
            () -> bake(owned, owned.file("/home/app/.cache/a", "text")));
    assertTrue(e.explanation().happened().contains("another user"), e.explanation().happened());
    assertEquals("data\nhome\nhome/app\nhome/app/.cache", DiskPicture.names(root));
  }

  @Test
  @FaultCase(119)
  void anotherUserMayNotGiveFilesAway() throws Exception {
    Files.setAttribute(root, "unix:uid", (int) NOBODY_ELSE);
    String said =
        run(
            List.of("setpriv", "--reuid=54321", "--regid=54321", "--clear-groups"),
            "1000:1000",
            "/opt/a=text");
    assertTrue(said.startsWith("CANNOT_CREATE"), said);
    assertTrue(said.contains("run as root, or set `owner: self`"), said);
    assertEquals("", DiskPicture.names(root));
  }

  @Test
  @FaultCase(122)
  void anotherUserBakesForItselfWhateverTheUmask() throws Exception {
    Files.setAttribute(root, "unix:uid", (int) NOBODY_ELSE);
    String said =
        run(
            List.of(
                "setpriv",
                "--reuid=54321",
                "--regid=54321",
                "--clear-groups",
                "sh",
                "-c",
                "umask 077; exec \"$@\"",
                "sh"),
            "54321:54321",
            "/opt/a=text");
    assertEquals("OK", said.strip());
    assertEquals(040755, Files.getAttribute(root.resolve("opt"), "unix:mode"));
    assertEquals(0100644, Files.getAttribute(root.resolve("opt/a"), "unix:mode"));
    assertEquals("opt\nopt/a", DiskPicture.names(root));
  }

  @Test
  void anotherUserMayNotWriteHere() throws Exception {
    String said =
        run(
            List.of("setpriv", "--reuid=54321", "--regid=54321", "--clear-groups"),
            "54321:54321",
            "/opt/a=text");
    assertTrue(said.startsWith("CANNOT_CREATE"), said);
    assertTrue(said.contains("user 54321 may not write in " + root), said);
  }

  @Test
  @FaultCase(120)
  void aNamespaceWithOneUserNamesItsMap() throws Exception {
    String said = run(List.of("unshare", "-Ur"), "1000:1000", "/opt/a=text");
    assertTrue(said.startsWith("CANNOT_CREATE"), said);
    assertTrue(said.contains("uid 1000 is not mapped"), said);
    assertTrue(said.contains("uid_map"), said);
    assertEquals("", DiskPicture.names(root));
  }

  @Test
  @FaultCase(87)
  void aDiskTooSmallIsSaidBeforeAnything() throws Exception {
    mounts.memory(root, "size=4m");
    PlannedFile large = files.file("/opt/a", "x".repeat(6 << 20));
    DiskException e = assertThrows(DiskException.class, () -> bake(files, large));
    assertTrue(e.explanation().happened().contains("6291456 are needed"), e.toString());
    assertEquals("", DiskPicture.names(root));
  }

  @Test
  @FaultCase(87)
  void onAFullDiskNothingIsKept() throws Exception {
    mounts.memory(root, "size=4m");
    PlannedFile file = files.file("/opt/a", "text");
    Staging staging = Staging.open(PlannedFiles.plan(root, file));
    try (staging) {
      try (Partial partial = staging.storeFor(file).begin(PlannedFiles.descriptor("text"))) {
        assertThrows(IOException.class, () -> partial.write(ByteBuffer.allocate(5 << 20)));
      }
    }
    assertEquals(List.of(), staging.kept());
    assertEquals("", DiskPicture.names(root));
  }

  @Test
  void anotherErrorOfTheDiskPutsEverythingBack() throws Exception {
    // root, a, .modelbake, its run, lock, store, work, one blob each for three files, then none
    mounts.memory(root, "nr_inodes=11");
    Files.writeString(root.resolve("a"), "old");
    PlannedFile[] planned = {
      files.file("/a", "new"), files.file("/b", "new"), files.file("/c/d/e/f", "new")
    };
    assertThrows(DiskException.class, () -> bake(files, planned));
    assertEquals("old", Files.readString(root.resolve("a")));
    assertTrue(Files.notExists(root.resolve("b")));
    assertTrue(Files.notExists(root.resolve("c")));
  }

  @Test
  @FaultCase(95)
  void aReadOnlyTargetThatIsRightNeedsNoWriting() throws Exception {
    Path real = Files.createDirectory(temporary.resolve("real"));
    PlannedFile file = files.file("/opt/a", "text");
    TextBake.bake(files, PlannedFiles.plan(real, file), BakeListener.NONE);
    mounts.readOnly(real, root);
    bake(files, file);
    CannotCreateException e =
        assertThrows(CannotCreateException.class, () -> bake(files, files.file("/opt/a", "other")));
    assertTrue(e.explanation().happened().contains("read-only"), e.toString());
    assertThrows(CannotCreateException.class, () -> bake(owned, owned.file("/opt/a", "text")));
  }

  @Test
  @FaultCase(126)
  void immutableFilesAndDirectoriesAreFoundBeforehand() throws Exception {
    bake(files, files.file("/opt/a", "text"));
    mounts.freeze(root.resolve("opt/a"));
    assertThrows(CannotCreateException.class, () -> bake(files, files.file("/opt/a", "other")));
    mounts.freeze(root.resolve("opt"));
    bake(files, files.file("/opt/a", "text"));
    assertThrows(CannotCreateException.class, () -> bake(files, files.file("/opt/b", "text")));
    assertEquals("opt\nopt/a", DiskPicture.names(root));
  }

  @Test
  @FaultCase(94)
  void filesOfALowerLayerAreReplacedAndKept() throws Exception {
    Path lower = Files.createDirectory(temporary.resolve("lower"));
    Files.createDirectories(lower.resolve("opt/tree/sub"));
    Files.writeString(lower.resolve("opt/wrong"), "old");
    Files.writeString(lower.resolve("opt/tree/sub/x"), "1");
    mounts.layered(lower, Files.createDirectory(temporary.resolve("layer")), root);
    bake(
        files,
        files.file("/opt/wrong", "new"),
        files.members("/opt/tree", Map.of("sub/x", "1", "sub/y", "2")),
        files.members("/opt/fresh/tree", Map.of("z", "3")));
    assertEquals("new", Files.readString(root.resolve("opt/wrong")));
    assertEquals("2", Files.readString(root.resolve("opt/tree/sub/y")));
    assertEquals("3", Files.readString(root.resolve("opt/fresh/tree/z")));
    assertEquals("old", Files.readString(lower.resolve("opt/wrong")));
    assertEquals(List.of(), Trees.children(root).stream().filter(p -> !p.endsWith("opt")).toList());
  }

  @Test
  @FaultCase(93)
  void aTreeMaySpreadOverSeveralMounts() throws Exception {
    Path other = Files.createDirectory(temporary.resolve("other"));
    mounts.memory(root.resolve("tree/memory"), "size=1m");
    // The same file system under a second name: only rename(2) can tell.
    mounts.bound(other, root.resolve("tree/bound"));
    Files.writeString(root.resolve("tree/bound/old"), "old");
    Map<String, String> texts =
        Map.of("here", "0", "memory/x", "1", "bound/y", "2", "bound/old", "new");
    bake(files, files.members("/tree", texts));
    for (Map.Entry<String, String> one : texts.entrySet()) {
      assertEquals(one.getValue(), Files.readString(root.resolve("tree").resolve(one.getKey())));
    }
    assertEquals(
        "tree\ntree/bound\ntree/bound/old\ntree/bound/y\ntree/here\ntree/memory\ntree/memory/x",
        DiskPicture.names(root));
  }

  @Test
  @FaultCase(160)
  void tarSeesNoDifferenceBetweenTwoBakes() throws Exception {
    List<byte[]> archives = new ArrayList<>();
    for (String name : List.of("one", "two")) {
      Path place = Files.createDirectories(root.resolve(name));
      Mounts.run("mkdir", "-p", place + "/opt");
      Mounts.run("touch", "-d", "2020-02-02 02:02:02", place + "/opt", place.toString());
      Plan plan =
          PlannedFiles.plan(
              place,
              owned.file("/opt/a", "text"),
              owned.file("/opt/models/b", "text"),
              owned.whole("/opt/models/tree", Map.of("x/y", "1", "z", "2")));
      TextBake.bake(owned, plan, BakeListener.NONE);
      Path archive = temporary.resolve(name + ".tar");
      Mounts.run("tar", "--sort=name", "-cf", archive.toString(), "-C", place.toString(), ".");
      archives.add(Files.readAllBytes(archive));
    }
    assertEquals(-1, Arrays.mismatch(archives.get(0), archives.get(1)));
  }

  @Test
  void aRunThatDiedInTheMiddleIsCompletedByTheNext() throws Exception {
    Files.writeString(root.resolve("a"), "old");
    Files.writeString(root.resolve("b"), "old");
    run(List.of(), "halt", "0:0", "/a=new", "/b=new", "/c=new");
    assertEquals("new", Files.readString(root.resolve("a")));
    assertEquals("old", Files.readString(root.resolve("b")));
    assertTrue(Files.isDirectory(root.resolve(".modelbake")));

    assertEquals("OK", run(List.of(), "0:0", "/a=new", "/b=new", "/c=new").strip());
    assertEquals("a\nb\nc", DiskPicture.names(root));
    for (String name : List.of("a", "b", "c")) {
      assertEquals("new", Files.readString(root.resolve(name)));
      assertEquals(1, Files.getAttribute(root.resolve(name), "unix:nlink"));
    }
  }

  @Test
  @FaultCase(113)
  void severalRunsAtOnceAllSucceed() throws Exception {
    List<Process> running = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      running.add(start(List.of(), "0:0", "/opt/models/a=text", "/opt/models/b=text", "/c=text"));
    }
    for (Process one : running) {
      String said = new String(one.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertEquals("OK", said.strip());
    }
    assertEquals("c\nopt\nopt/models\nopt/models/a\nopt/models/b", DiskPicture.names(root));
  }

  private void bake(PlannedFiles from, PlannedFile... planned) throws IOException {
    TextBake.bake(from, PlannedFiles.plan(root, planned), BakeListener.NONE);
  }

  private String run(List<String> under, String... args) throws Exception {
    Process process = start(under, args);
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    return said;
  }

  private Process start(List<String> under, String... args) throws Exception {
    List<String> command = new ArrayList<>(under);
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-cp", classPath(), TextBake.class.getName()));
    List<String> rest = new ArrayList<>(List.of(args));
    if (rest.remove("halt")) {
      command.add("halt");
    }
    command.add(root.toString());
    command.addAll(rest);
    return new ProcessBuilder(command).redirectErrorStream(true).start();
  }

  /** Copies, because another user cannot read a local repository below /root. */
  private String classPath() throws Exception {
    Path copies = Files.createDirectories(temporary.resolve("class-path"));
    for (Class<?> type : List.of(Publisher.class, TextBake.class, ExtendedDigest.class)) {
      Path from = Path.of(type.getProtectionDomain().getCodeSource().getLocation().getPath());
      Path to = copies.resolve(from.getFileName().toString());
      if (Files.notExists(to)) {
        Mounts.run("cp", "-r", from.toString(), to.toString());
      }
    }
    return copies + "/classes:" + copies + "/test-classes:" + copies + "/*";
  }

  private Owner owner(String path) throws IOException {
    return Stat.of(root.resolve(path)).orElseThrow().owner();
  }
}
