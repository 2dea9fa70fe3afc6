package dev.modelbake.publish;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.modelbake.model.Plan;
import dev.modelbake.model.PlannedFile;
import dev.modelbake.testing.DiskPicture;
import dev.modelbake.testing.FaultCase;
import dev.modelbake.testing.PlannedFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StagingTest {
  private static final Instant LONG_AGO = Instant.parse("2011-11-11T11:11:11.123456789Z");

  @TempDir Path root;
  private final PlannedFiles files = PlannedFiles.ownedBy(PublisherTest.self());

  @Test
  @FaultCase(65)
  void itsDirectoriesArePrivateAndLeaveNoTraceWhenDiscarded() throws Exception {
    Files.setLastModifiedTime(root, FileTime.from(LONG_AGO));
    PlannedFile file = files.file("/opt/a", "text");
    try (Staging staging = Staging.open(PlannedFiles.plan(root, file))) {
      PublisherTest.blob(staging, file, "text");
      assertEquals(040700, Files.getAttribute(root.resolve(".modelbake"), "unix:mode"));
      assertEquals(040700, Files.getAttribute(only(root.resolve(".modelbake")), "unix:mode"));
      staging.discard();
    }
    assertEquals("", DiskPicture.names(root));
    assertEquals(LONG_AGO, Files.getLastModifiedTime(root).toInstant());
  }

  @Test
  void eachGroupStagesBesideItsOwnTargets() throws Exception {
    Files.createDirectories(root.resolve("opt/models"));
    Files.createDirectories(root.resolve("home"));
    PlannedFile one = files.file("/opt/models/a", "text");
    PlannedFile two = files.file("/home/app/b", "text");
    try (Staging staging = Staging.open(PlannedFiles.plan(root, one, two))) {
      staging.storeFor(one);
      staging.storeFor(two);
      assertTrue(Files.isDirectory(root.resolve("opt/models/.modelbake")));
      assertTrue(Files.isDirectory(root.resolve("home/.modelbake")));
      assertFalse(Files.exists(root.resolve("home/app")));
    }
  }

  @Test
  void aFailedRunKeepsItsBlobsAndSaysWhereAndTheNextAdoptsThem() throws Exception {
    PlannedFile file = files.file("/opt/a", "text");
    Plan plan = PlannedFiles.plan(root, file);
    Path kept = failedRun(plan, file);
    assertTrue(Files.isDirectory(kept), kept.toString());

    // The directory has come into being meanwhile: the next run stages deeper.
    Files.createDirectories(root.resolve("opt"));
    try (Staging staging = Staging.open(plan)) {
      staging.storeFor(file);
      assertFalse(Files.exists(kept));
      Path ours = only(root.resolve("opt/.modelbake"));
      assertEquals("text", Files.readString(only(ours.resolve("store"))));
      staging.discard();
    }
    assertEquals("opt", DiskPicture.names(root));
  }

  @Test
  void spaceOfWhatWillBeAdoptedIsKnown() throws Exception {
    PlannedFile file = files.file("/opt/a", "text");
    Plan plan = PlannedFiles.plan(root, file);
    failedRun(plan, file);
    try (Staging staging = Staging.open(plan)) {
      assertEquals(4, staging.leftAt(List.of(root)));
    }
  }

  @Test
  void aPartialCountsOnceThoughAJournalLiesBesideIt() throws Exception {
    PlannedFile file = files.file("/opt/a", "text");
    Plan plan = PlannedFiles.plan(root, file);
    Path store = failedRun(plan, file).resolve("store");
    String digest = file.pin().orElseThrow().digest().hex();
    Files.writeString(store.resolve(digest + "-0.partial"), "a longer text");
    Files.writeString(store.resolve(digest + "-0.partial.journal"), "x");
    try (Staging staging = Staging.open(plan)) {
      assertEquals(13, staging.leftAt(List.of(root)));
    }
  }

  @Test
  void filesOfOtherPinsAreLeftUntilSuccess() throws Exception {
    PlannedFile other = files.file("/opt/a", "other");
    Path kept = failedRun(PlannedFiles.plan(root, other), other);
    PlannedFile file = files.file("/opt/b", "text");
    try (Staging staging = Staging.open(PlannedFiles.plan(root, file))) {
      staging.storeFor(file);
      assertTrue(Files.isDirectory(kept));
      staging.discard();
    }
    assertEquals("", DiskPicture.names(root));
  }

  @Test
  void successWithNothingToStageSweepsToo() throws Exception {
    PlannedFile file = files.file("/opt/a", "text");
    Plan plan = PlannedFiles.plan(root, file);
    failedRun(plan, file);
    try (Staging staging = Staging.open(plan)) {
      staging.discard();
    }
    assertEquals("", DiskPicture.names(root));
  }

  @Test
  void aRunThatIsAliveIsLeftAlone() throws Exception {
    PlannedFile file = files.file("/opt/a", "text");
    Plan plan = PlannedFiles.plan(root, file);
    try (Staging alive = Staging.open(plan)) {
      PublisherTest.blob(alive, file, "text");
      try (Staging other = Staging.open(plan)) {
        other.storeFor(file);
        other.discard();
      }
      assertEquals("text", Files.readString(only(only(root.resolve(".modelbake")), "store")));
      alive.discard();
    }
    assertEquals("", DiskPicture.names(root));
  }

  @Test
  void aRunThatDiedBeforeItHadALockIsSwept() throws Exception {
    PlannedFile file = files.file("/opt/a", "text");
    Files.createDirectories(root.resolve(".modelbake/0123456789abcdef/store"));
    try (Staging staging = Staging.open(PlannedFiles.plan(root, file))) {
      staging.discard();
    }
    assertEquals("", DiskPicture.names(root));
  }

  private Path failedRun(Plan plan, PlannedFile file) throws IOException {
    Staging staging = Staging.open(plan);
    try (staging) {
      String text = files.contents(file).values().iterator().next();
      Path blob = PublisherTest.blob(staging, file, text).path();
      String name = PlannedFiles.descriptor(text).digest().hex() + "-1.blob";
      Files.move(blob, blob.resolveSibling(name));
    }
    return staging.kept().get(0);
  }

  private static Path only(Path directory, String name) throws IOException {
    return only(directory.resolve(name));
  }

  private static Path only(Path directory) throws IOException {
    List<Path> children = Trees.children(directory);
    assertEquals(1, children.size(), children.toString());
    return children.get(0);
  }
}
