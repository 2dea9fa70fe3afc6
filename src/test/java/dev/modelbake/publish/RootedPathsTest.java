package dev.modelbake.publish;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.modelbake.model.CannotCreateException;
import dev.modelbake.testing.FaultCase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RootedPathsTest {
  @TempDir Path temporary;
  private Path root = Path.of("");

  @BeforeEach
  void makeRoot() throws IOException {
    Path made = Files.createDirectory(temporary.resolve("root"));
    Files.setAttribute(made, "unix:mode", 0755);
    root = made.toRealPath();
  }

  @Test
  void aPathWithoutLinksStandsBelowTheRoot() {
    assertEquals(root.resolve("opt/models/a"), locate("/opt/models/a"));
  }

  @Test
  @FaultCase(97)
  void anAbsoluteLinkStartsAgainAtTheRoot() throws Exception {
    Files.createDirectories(root.resolve("data/here"));
    Files.createSymbolicLink(root.resolve("opt"), Path.of("/data"));
    assertEquals(root.resolve("data/here/new/a"), locate("/opt/here/new/a"));
  }

  @Test
  void dotsDoNotLeaveTheRoot() throws Exception {
    Files.createDirectories(root.resolve("data"));
    Files.createSymbolicLink(root.resolve("opt"), Path.of("../../../../data"));
    assertEquals(root.resolve("data/a"), locate("/opt/a"));
  }

  @Test
  void theLastNameIsNotFollowed() throws Exception {
    Files.createSymbolicLink(root.resolve("a"), Path.of("/elsewhere/secret"));
    assertEquals(root.resolve("a"), locate("/a"));
  }

  @Test
  void aDirectoryIsFollowedToItsLastName() throws Exception {
    Files.createDirectories(root.resolve("data/models"));
    Files.createSymbolicLink(root.resolve("models"), Path.of("data/models"));
    assertEquals(
        root.resolve("data/models"), RootedPaths.below(root).locateDirectory(Path.of("/models")));
  }

  @Test
  void aLoopOfLinksEnds() throws Exception {
    Files.createSymbolicLink(root.resolve("a"), Path.of("b"));
    Files.createSymbolicLink(root.resolve("b"), Path.of("a"));
    assertRefused("/a/x", "40 symbolic links");
  }

  @Test
  void aLinkToNothingIsRefused() throws Exception {
    Files.createSymbolicLink(root.resolve("a"), Path.of("nowhere"));
    assertRefused("/a/x", "does not exist");
  }

  @Test
  void aFileInPlaceOfADirectoryIsNamed() throws Exception {
    Files.writeString(root.resolve("opt"), "");
    assertRefused("/opt/models/a", "opt is a file, not a directory");
  }

  @Test
  void aLinkInADirectoryThatAnybodyMayWriteIsNotFollowed() throws Exception {
    Path house = Files.createDirectories(root.resolve("house"));
    Files.createDirectories(root.resolve("elsewhere"));
    Files.createSymbolicLink(house.resolve("cache"), Path.of("/elsewhere"));
    assertEquals(root.resolve("elsewhere/x"), locate("/house/cache/x"));
    Files.setAttribute(house, "unix:mode", 0777);
    assertRefused("/house/cache/x", "may be written by another user");
  }

  @Test
  void ourLinkInAStickyDirectoryIsFollowed() throws Exception {
    Path shared = Files.createDirectories(root.resolve("tmp"));
    Files.createDirectories(root.resolve("elsewhere"));
    Files.createSymbolicLink(shared.resolve("mine"), Path.of("/elsewhere"));
    Files.setAttribute(shared, "unix:mode", 01777);
    assertEquals(root.resolve("elsewhere/x"), locate("/tmp/mine/x"));
  }

  @Test
  void aLinkBelowADirectoryThatAnybodyMayWriteIsNotFollowedEither() throws Exception {
    Path inner = Files.createDirectories(root.resolve("house/inner"));
    Files.createSymbolicLink(inner.resolve("cache"), Path.of("/house"));
    Files.setAttribute(root.resolve("house"), "unix:mode", 0777);
    assertRefused("/house/inner/cache/x", "may be written by another user");
  }

  @Test
  void aRootThatIsNoDirectoryIsRefused() {
    assertThrows(CannotCreateException.class, () -> RootedPaths.below(root.resolve("none")));
  }

  private Path locate(String path) {
    return RootedPaths.below(root).locate(Path.of(path));
  }

  private void assertRefused(String path, String why) {
    CannotCreateException e = assertThrows(CannotCreateException.class, () -> locate(path));
    assertTrue(e.explanation().happened().contains(why), e.explanation().happened());
  }
}
