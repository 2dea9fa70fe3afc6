package dev.modelbake.publish;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.modelbake.model.BakeEvent;
import dev.modelbake.model.BakeException;
import dev.modelbake.model.CannotCreateException;
import dev.modelbake.model.FailureKind;
import dev.modelbake.model.FileMode;
import dev.modelbake.model.Owner;
import dev.modelbake.model.Plan;
import dev.modelbake.model.PlannedFile;
import dev.modelbake.model.PlannedFile.State;
import dev.modelbake.model.Receipt;
import dev.modelbake.model.TemporaryException;
import dev.modelbake.store.Blob;
import dev.modelbake.store.BlobStore;
import dev.modelbake.store.Partial;
import dev.modelbake.testing.DiskPicture;
import dev.modelbake.testing.FaultCase;
import dev.modelbake.testing.PlannedFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PublisherTest {
  private static final Instant LONG_AGO = Instant.parse("2011-11-11T11:11:11.123456789Z");

  @TempDir Path root;
  private final List<BakeEvent> events = new ArrayList<>();
  private final PlannedFiles files = PlannedFiles.ownedBy(self());

  @Test
  void aFileInAMissingDirectoryArrivesWithItsOwnerModeAndTimes() throws Exception {
    PlannedFile file = files.file("/opt/models/a.onnx", "bytes");

    Receipt receipt = bake(PlannedFiles.plan(root, file));

    assertEquals("opt\nopt/models\nopt/models/a.onnx", DiskPicture.names(root));
    for (String directory : List.of("opt", "opt/models")) {
      assertEquals(040755, mode(directory), directory);
      assertEquals(Times.DEFAULT.instant(), time(directory), directory);
    }
    assertEquals(0100644, mode("opt/models/a.onnx"));
    assertEquals(Times.DEFAULT.instant(), time("opt/models/a.onnx"));
    assertEquals("bytes", Files.readString(root.resolve("opt/models/a.onnx")));
    assertEquals(
        List.of(
            new Receipt.Entry(
                "/opt/models/a.onnx",
                "model/opt/models/a.onnx",
                PlannedFiles.descriptor("bytes").digest(),
                5,
                self(),
                FileMode.parse("0644"))),
        receipt.entries());
  }

  @Test
  void directoriesThatExistedKeepTheirTimes() throws Exception {
    Files.createDirectories(root.resolve("opt/models"));
    age("opt/models");
    age("opt");

    bake(
        PlannedFiles.plan(
            root,
            files.file("/opt/models/a.onnx", "bytes"),
            files.file("/opt/other/b.onnx", "more")));

    assertEquals(LONG_AGO, time("opt/models"));
    assertEquals(LONG_AGO, time("opt"));
    assertEquals(Times.DEFAULT.instant(), time("opt/other"));
  }

  @Test
  void theSameManifestGivesTheSameTreeTwiceAlsoWhenDirectoriesExisted() throws Exception {
    List<String> pictures = new ArrayList<>();
    for (String name : List.of("one", "two")) {
      Path place = Files.createDirectories(root.resolve(name));
      Files.createDirectories(place.resolve("opt"));
      Files.setLastModifiedTime(place.resolve("opt"), FileTime.from(LONG_AGO));
      Files.setLastModifiedTime(place, FileTime.from(LONG_AGO));
      Plan plan =
          PlannedFiles.plan(
              place,
              files.file("/opt/a", "a"),
              files.file("/opt/new/b", "b"),
              files.whole("/opt/new/tree", Map.of("x/y", "1", "z", "2")));
      bake(plan);
      bake(plan);
      pictures.add(DiskPicture.of(place));
    }
    assertEquals(pictures.get(0), pictures.get(1));
  }

  @Test
  void noTargetDirectoryExistsBeforePublication() throws Exception {
    PlannedFile file = files.file("/home/app/.u2net/u2net.onnx", "bytes");
    Plan plan = PlannedFiles.plan(root, file);
    try (Staging staging = Staging.open(plan)) {
      assertEquals("", DiskPicture.names(root), "nothing is written before it is needed");
      stage(staging, file);
      assertTrue(Files.notExists(root.resolve("home")));
      staging.discard();
    }
    assertEquals("", DiskPicture.names(root));
  }

  @Test
  @FaultCase({58, 59})
  void aFileWithOtherBytesIsReplacedAndNamed() throws Exception {
    Files.writeString(root.resolve("a"), "other");

    bake(PlannedFiles.plan(root, files.file("/a", "right")));

    assertEquals("right", Files.readString(root.resolve("a")));
    assertTrue(notices().get(0).startsWith("replaced " + root.resolve("a")), notices().toString());
  }

  @Test
  void aFileWithTheRightBytesKeepsItsInodeAndTimes() throws Exception {
    Path there = Files.writeString(root.resolve("a"), "right");
    Files.setAttribute(there, "unix:mode", 0644);
    age("a");
    Object inode = Files.getAttribute(there, "unix:ino");

    bake(PlannedFiles.plan(root, files.file("/a", "right")));

    assertEquals(inode, Files.getAttribute(there, "unix:ino"));
    assertEquals(LONG_AGO, time("a"));
  }

  @Test
  void aKeptFileGetsItsModeMendedAndIsInTheReceipt() throws Exception {
    Path there = Files.writeString(root.resolve("a"), "right");
    Files.setAttribute(there, "unix:mode", 0600);
    PlannedFile file = files.file("/a", "right").with(State.WRONG_OWNER_OR_MODE);

    Receipt receipt = publish(PlannedFiles.plan(root, file), List.of());

    assertEquals(0100644, mode("a"));
    assertEquals("/a", receipt.entries().get(0).path());
    assertTrue(notices().get(0).contains("mended"), notices().toString());
    assertEquals(new BakeEvent.Published(file.name()), events.get(events.size() - 1));
  }

  @Test
  void aFileWithANameElsewhereIsReplacedRatherThanMended() throws Exception {
    Path elsewhere = Files.writeString(root.resolve("elsewhere"), "right");
    Files.setAttribute(elsewhere, "unix:mode", 0600);
    Files.createLink(root.resolve("a"), elsewhere);
    PlannedFile file = files.file("/a", "right").with(State.WRONG_OWNER_OR_MODE);

    publish(PlannedFiles.plan(root, file), List.of());

    assertEquals(0100644, mode("a"));
    assertEquals(0100600, mode("elsewhere"));
    assertEquals("right", Files.readString(root.resolve("a")));
    assertEquals(1, Files.getAttribute(elsewhere, "unix:nlink"));
    assertEquals("a\nelsewhere", DiskPicture.names(root));
  }

  @Test
  void namesOfOneFileThatAreAllWantedAlikeStayOne() throws Exception {
    Path one = Files.writeString(root.resolve("one"), "right");
    Files.setAttribute(one, "unix:mode", 0600);
    Files.createLink(root.resolve("two"), one);
    PlannedFile first = files.file("/one", "right").with(State.WRONG_OWNER_OR_MODE);
    PlannedFile second = files.file("/two", "right").with(State.WRONG_OWNER_OR_MODE);

    publish(PlannedFiles.plan(root, first, second), List.of());

    assertEquals(0100644, mode("two"));
    assertEquals(2, Files.getAttribute(one, "unix:nlink"));
  }

  @Test
  void aFileThatIsRightKeepsItsOtherName() throws Exception {
    Path elsewhere = Files.writeString(root.resolve("elsewhere"), "right");
    Files.setAttribute(elsewhere, "unix:mode", 0644);
    Files.createLink(root.resolve("a"), elsewhere);

    publish(PlannedFiles.plan(root, files.file("/a", "right").with(State.PRESENT)), List.of());

    assertEquals(2, Files.getAttribute(elsewhere, "unix:nlink"));
  }

  @Test
  void aPresentFileThatVanishedMeanwhileIsATemporaryFailure() {
    PlannedFile file = files.file("/a", "right").with(State.PRESENT);
    assertThrows(TemporaryException.class, () -> publish(PlannedFiles.plan(root, file), List.of()));
  }

  @Test
  @FaultCase(96)
  void aDirectoryInPlaceOfAFileIsNotReplacedAndNothingElseIsPublished() throws Exception {
    Files.createDirectories(root.resolve("b"));
    Files.writeString(root.resolve("c"), "old");
    String before = DiskPicture.of(root);
    Plan plan =
        PlannedFiles.plan(
            root, files.file("/a/a", "new"), files.file("/c", "new"), files.file("/b", "new"));

    assertThrows(CannotCreateException.class, () -> bake(plan));

    assertEquals(before, withoutStaging());
  }

  @Test
  void whatWasPublishedIsPutBackWhenALaterRenameFails() throws Exception {
    Files.writeString(root.resolve("old"), "old");
    Files.setAttribute(root.resolve("old"), "unix:mode", 0640);
    Files.writeString(root.resolve("odd"), "right");
    Files.setAttribute(root.resolve("odd"), "unix:mode", 0640);
    age("old");
    age("odd");
    Files.setLastModifiedTime(root, FileTime.from(LONG_AGO));
    String before = DiskPicture.of(root);
    PlannedFile odd = files.file("/odd", "right").with(State.WRONG_OWNER_OR_MODE);
    PlannedFile tree = files.members("/dir/tree", Map.of("x", "1"));
    PlannedFile old = files.file("/old", "new");
    PlannedFile alone = files.file("/alone", "new");
    PlannedFile last = files.file("/last", "new");
    Plan plan = PlannedFiles.plan(root, odd, tree, old, alone, last);
    // The listener hears of the replaced file and puts a directory in the way of the last one.
    Path inTheWay = root.resolve("last");
    Staging staging = Staging.open(plan);
    try (staging) {
      List<Staged> staged = new ArrayList<>();
      for (PlannedFile file : List.of(tree, old, alone, last)) {
        staged.add(stage(staging, file));
      }
      Publisher publisher =
          new Publisher(
              Times.DEFAULT,
              staging,
              event -> {
                if (event instanceof BakeEvent.Notice notice
                    && notice.text().startsWith("replaced")) {
                  try {
                    Files.createDirectory(inTheWay);
                  } catch (IOException e) {
                    throw new IllegalStateException(e);
                  }
                }
              });
      assertThrows(CannotCreateException.class, () -> publisher.publish(plan, staged));
      Files.delete(inTheWay);
    }
    assertEquals(1, staging.kept().size());
    try (Staging next = Staging.open(plan)) {
      next.discard();
    }
    Files.setLastModifiedTime(root, FileTime.from(LONG_AGO));
    assertEquals(before, DiskPicture.of(root));
  }

  @Test
  void twoFilesMayShareABlob() throws Exception {
    PlannedFile one = files.file("/one", "same");
    PlannedFile two = files.file("/dir/two", "same");
    Plan plan = PlannedFiles.plan(root, one, two);
    try (Staging staging = Staging.open(plan)) {
      Blob blob = blob(staging, one, "same");
      new Publisher(Times.DEFAULT, staging, events::add)
          .publish(plan, List.of(Staged.of(one, blob), Staged.of(two, blob)));
      staging.discard();
    }
    assertEquals("same", Files.readString(root.resolve("one")));
    assertEquals("same", Files.readString(root.resolve("dir/two")));
    assertEquals(2, Files.getAttribute(root.resolve("one"), "unix:nlink"));
  }

  @Test
  void aTreeBringsItsDirectoriesAndLinks() throws Exception {
    PlannedFile tree = files.members("/data/tree", Map.of("a/x", "1", "b", "2"));
    Plan plan = PlannedFiles.plan(root, tree);
    try (Staging staging = Staging.open(plan)) {
      Staged staged =
          new Staged(
              tree,
              List.of(
                  new Staged.Item("a/x", blob(staging, tree, "1")),
                  new Staged.Item("b", blob(staging, tree, "2"))),
              List.of("empty/inner"),
              List.of(new Staged.Link("a/link", "../b")));
      new Publisher(Times.DEFAULT, staging, events::add).publish(plan, List.of(staged));
      staging.discard();
    }
    assertEquals(
        "data\ndata/tree\ndata/tree/a\ndata/tree/a/link\ndata/tree/a/x\ndata/tree/b\n"
            + "data/tree/empty\ndata/tree/empty/inner",
        DiskPicture.names(root));
    assertEquals("2", Files.readString(root.resolve("data/tree/a/link")));
    assertEquals(Times.DEFAULT.instant(), time("data/tree/a/link"));
    assertEquals(Times.DEFAULT.instant(), time("data/tree/a"));
  }

  @Test
  void linksOutOfAnArchiveAreInTheReceiptAlsoWhenTheTreeIsKept() throws Exception {
    PlannedFile tree = files.whole("/tree", Map.of("a/x", "1"));
    Receipt.Link link = new Receipt.Link("/tree/a/link", tree.name(), "x", self());
    Plan plan = PlannedFiles.plan(root, tree);
    try (Staging staging = Staging.open(plan)) {
      Staged staged =
          new Staged(
              tree,
              List.of(new Staged.Item("a/x", blob(staging, tree, "1"))),
              List.of(),
              List.of(new Staged.Link("a/link", "x")));
      Receipt receipt =
          new Publisher(Times.DEFAULT, staging, events::add).publish(plan, List.of(staged));
      assertEquals(List.of(link), receipt.links());
      staging.discard();
    }
    Files.createSymbolicLink(root.resolve("tree/out"), Path.of("../elsewhere"));
    Receipt kept = publish(PlannedFiles.plan(root, tree.with(State.PRESENT)), List.of());
    assertEquals(List.of(link), kept.links(), "a link out of the tree is nobody's");
  }

  @Test
  void aTreeIsCompletedInADirectoryThatExists() throws Exception {
    Files.createDirectories(root.resolve("tree/a"));
    Files.writeString(root.resolve("tree/a/x"), "1");
    Files.writeString(root.resolve("tree/mine"), "mine");
    age("tree/a");

    Receipt receipt =
        bake(
            PlannedFiles.plan(
                root, files.members("/tree", Map.of("a/x", "1", "a/y", "2", "new/z", "3"))));

    assertEquals(
        "tree\ntree/a\ntree/a/x\ntree/a/y\ntree/mine\ntree/new\ntree/new/z",
        DiskPicture.names(root));
    assertEquals(LONG_AGO, time("tree/a"));
    assertEquals(3, receipt.entries().size());
  }

  @Test
  void aKeptTreeIsInTheReceiptMemberByMember() throws Exception {
    Map<String, String> texts = Map.of("a/x", "1", "b", "2");
    bake(PlannedFiles.plan(root, files.whole("/tree", texts)));

    Receipt receipt =
        publish(
            PlannedFiles.plan(root, files.whole("/tree", texts).with(State.PRESENT)), List.of());

    assertEquals(
        List.of("/tree/a/x", "/tree/b"),
        receipt.entries().stream().map(Receipt.Entry::path).toList());
    assertThrows(
        TemporaryException.class,
        () -> {
          Files.writeString(root.resolve("tree/b"), "3");
          publish(
              PlannedFiles.plan(root, files.whole("/tree", texts).with(State.PRESENT)), List.of());
        });
  }

  @Test
  void aTreeWithAFileMoreCannotBecomeThePinnedOne() throws Exception {
    Files.createDirectories(root.resolve("tree"));
    Files.writeString(root.resolve("tree/mine"), "mine");
    CannotCreateException e =
        assertThrows(
            CannotCreateException.class,
            () -> bake(PlannedFiles.plan(root, files.whole("/tree", Map.of("x", "1")))));
    assertTrue(e.explanation().happened().contains("such as mine"), e.explanation().happened());
    assertEquals("mine", Files.readString(root.resolve("tree/mine")));
    assertTrue(Files.notExists(root.resolve("tree/x")));
  }

  @Test
  void anInterruptedThreadPublishesNothing() throws Exception {
    PlannedFile file = files.file("/a", "bytes");
    Plan plan = PlannedFiles.plan(root, file);
    try (Staging staging = Staging.open(plan)) {
      Staged staged = stage(staging, file);
      Thread.currentThread().interrupt();
      BakeException e =
          assertThrows(
              BakeException.class,
              () ->
                  new Publisher(Times.DEFAULT, staging, events::add)
                      .publish(plan, List.of(staged)));
      assertTrue(Thread.interrupted());
      assertEquals(FailureKind.INTERRUPTED, e.kind());
    }
    assertTrue(Files.notExists(root.resolve("a")));
  }

  private Receipt bake(Plan plan) throws IOException {
    try (Staging staging = Staging.open(plan)) {
      Publisher publisher = new Publisher(Times.DEFAULT, staging, events::add);
      publisher.preflight(plan);
      List<Staged> staged = new ArrayList<>();
      for (PlannedFile file : plan.files()) {
        staged.add(stage(staging, file));
      }
      Receipt receipt = publisher.publish(plan, staged);
      staging.discard();
      return receipt;
    }
  }

  private Receipt publish(Plan plan, List<Staged> staged) {
    try (Staging staging = Staging.open(plan)) {
      Receipt receipt = new Publisher(Times.DEFAULT, staging, events::add).publish(plan, staged);
      staging.discard();
      return receipt;
    }
  }

  private Staged stage(Staging staging, PlannedFile file) throws IOException {
    List<Staged.Item> items = new ArrayList<>();
    for (Map.Entry<String, String> content : files.contents(file).entrySet()) {
      items.add(new Staged.Item(content.getKey(), blob(staging, file, content.getValue())));
    }
    return new Staged(file, items, List.of(), List.of());
  }

  static Blob blob(Staging staging, PlannedFile file, String text) throws IOException {
    BlobStore store = staging.storeFor(file);
    Partial partial = store.begin(PlannedFiles.descriptor(text));
    partial.write(ByteBuffer.wrap(PlannedFiles.bytes(text)));
    return store.admit(partial, PlannedFiles.descriptor(text), file.name());
  }

  private String withoutStaging() throws IOException {
    return DiskPicture.of(root)
        .lines()
        .filter(line -> !line.startsWith(".modelbake"))
        .reduce((a, b) -> a + "\n" + b)
        .orElseThrow();
  }

  static Owner self() {
    try {
      return Stat.self();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private List<String> notices() {
    return events.stream()
        .filter(event -> event instanceof BakeEvent.Notice)
        .map(event -> ((BakeEvent.Notice) event).text())
        .toList();
  }

  private void age(String path) throws IOException {
    Files.setLastModifiedTime(root.resolve(path), FileTime.from(LONG_AGO));
  }

  private Instant time(String path) throws IOException {
    return Files.getLastModifiedTime(root.resolve(path), LinkOption.NOFOLLOW_LINKS).toInstant();
  }

  private int mode(String path) throws IOException {
    return (Integer)
        Optional.ofNullable(
                Files.getAttribute(root.resolve(path), "unix:mode", LinkOption.NOFOLLOW_LINKS))
            .orElseThrow();
  }
}
