package dev.modelbake.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.modelbake.model.FailureKind;
import dev.modelbake.model.Location;
import dev.modelbake.model.Owner;
import dev.modelbake.model.Plan;
import dev.modelbake.model.PlannedFile;
import dev.modelbake.model.PlannedFile.State;
import dev.modelbake.model.Problem;
import dev.modelbake.model.Target;
import dev.modelbake.model.Unpacking;
import dev.modelbake.publish.Stat;
import dev.modelbake.testing.DiskPicture;
import dev.modelbake.testing.FaultCase;
import dev.modelbake.testing.PlannedFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SurveyorTest {
  private static final Map<String, String> TEXTS = Map.of("a/x", "1", "b", "2");

  @TempDir Path root;
  private final PlannedFiles files = PlannedFiles.ownedBy(self());

  @Test
  void nothingThereIsAbsent() {
    assertEquals(State.ABSENT, state(files.file("/opt/a", "text")));
    assertEquals(State.ABSENT, state(files.stream("/opt/a", "text", PlannedFiles.Pinned.NO)));
    assertEquals(State.ABSENT, state(files.members("/opt/t", TEXTS)));
    assertEquals(State.ABSENT, state(files.whole("/opt/t", TEXTS)));
    assertEquals(State.ABSENT, state(files.tree("/opt/t", TEXTS, new Unpacking.TreePin.Absent())));
  }

  @Test
  void theRightBytesOwnerAndModeArePresent() throws Exception {
    write("a", "text");
    assertEquals(State.PRESENT, state(files.file("/a", "text")));
    assertEquals(State.PRESENT, state(files.stream("/a", "text", PlannedFiles.Pinned.YES)));
  }

  @Test
  @FaultCase(58)
  void otherBytesOfTheSameSizeAreWrong() throws Exception {
    write("a", "tixt");
    assertEquals(State.WRONG_BYTES, state(files.file("/a", "text")));
  }

  @Test
  void aWrongModeIsToBeMended() throws Exception {
    Files.setAttribute(write("a", "text"), "unix:mode", 0600);
    assertEquals(State.WRONG_OWNER_OR_MODE, state(files.file("/a", "text")));
  }

  @Test
  @FaultCase(96)
  void aDirectoryLinkOrFifoIsOfTheWrongType() throws Exception {
    Files.createDirectories(root.resolve("a"));
    assertEquals(State.WRONG_TYPE, state(files.file("/a", "text")));
    Files.createSymbolicLink(root.resolve("l"), write("b", "text"));
    assertEquals(State.WRONG_TYPE, state(files.file("/l", "text")));
    assertEquals(State.WRONG_TYPE, state(files.file("/b/c", "text")));
    assertEquals(State.WRONG_TYPE, state(files.whole("/b", TEXTS)));
    Process fifo = new ProcessBuilder("mkfifo", root.resolve("f").toString()).start();
    assertEquals(0, fifo.waitFor());
    assertEquals(State.WRONG_TYPE, state(files.file("/f", "text")));
  }

  @Test
  void aTreeIsProvenMemberByMemberOrAsAWhole() throws Exception {
    write("t/a/x", "1");
    assertEquals(State.ABSENT, state(files.members("/t", TEXTS)));
    assertEquals(State.WRONG_BYTES, state(files.whole("/t", TEXTS)));
    write("t/b", "2");
    assertEquals(State.PRESENT, state(files.members("/t", TEXTS)));
    assertEquals(State.PRESENT, state(files.whole("/t", TEXTS)));
    write("t/b", "3");
    assertEquals(State.WRONG_BYTES, state(files.members("/t", TEXTS)));
    assertEquals(State.WRONG_BYTES, state(files.whole("/t", TEXTS)));
  }

  @Test
  void whatOnlyTheDownloadProvesIsUnknown() throws Exception {
    write("a", "text");
    write("t/b", "2");
    assertEquals(State.UNKNOWN, state(files.stream("/a", "text", PlannedFiles.Pinned.NO)));
    assertEquals(State.UNKNOWN, state(files.tree("/t", TEXTS, new Unpacking.TreePin.Absent())));
  }

  @Test
  void anUnresolvedTargetIsUnknown() {
    PlannedFile file = files.file("/a", "text");
    PlannedFile unresolved =
        new PlannedFile(
            file.name(),
            file.model(),
            file.at(),
            file.pin(),
            file.origin(),
            file.unpacking(),
            new Target.Unresolved(
                "${NAME}/a",
                FailureKind.CONFIGURATION,
                Problem.error(Location.of("m"), "unset", "NAME is unset", "set it")),
            State.UNKNOWN);
    assertEquals(State.UNKNOWN, state(unresolved));
  }

  @Test
  @FaultCase(88)
  void spaceIsAddedUpPerFileSystemAndNothingIsWritten() throws Exception {
    write("there", "text");
    String before = DiskPicture.of(root);
    Plan plan =
        PlannedFiles.plan(
            root,
            files.file("/there", "text"),
            files.file("/opt/a", "12345"),
            files.stream("/opt/b", "123", PlannedFiles.Pinned.YES),
            files.members("/data/t", TEXTS));
    Plan surveyed = new Surveyor(Optional.of(root.resolve("store"))).survey(plan);
    long downloads = 5L + "compressed".length() + "archive".length();
    assertEquals(1, surveyed.disks().size());
    assertEquals(downloads + 3 + 2 + downloads, surveyed.disks().get(0).needed());
    assertTrue(surveyed.disks().get(0).fits());
    assertEquals(before, DiskPicture.of(root));
    assertEquals(
        List.of(State.PRESENT, State.ABSENT, State.ABSENT, State.ABSENT), states(surveyed));
  }

  private State state(PlannedFile file) {
    return states(new Surveyor().survey(PlannedFiles.plan(root, file))).get(0);
  }

  private static List<State> states(Plan plan) {
    return plan.files().stream().map(PlannedFile::state).toList();
  }

  private Path write(String path, String text) throws IOException {
    Path file = root.resolve(path);
    Files.createDirectories(Optional.ofNullable(file.getParent()).orElseThrow());
    Files.writeString(file, text);
    Files.setAttribute(file, "unix:mode", 0644);
    return file;
  }

  static Owner self() {
    try {
      return Stat.self();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
