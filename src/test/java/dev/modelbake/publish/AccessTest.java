package dev.modelbake.publish;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.modelbake.model.Owner;
import dev.modelbake.testing.FaultCase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AccessTest {
  private static final Owner SOMEBODY = new Owner(54321, 54321);

  @TempDir Path root;
  private Path file = Path.of("");

  @BeforeEach
  void makeFile() throws IOException {
    Files.createDirectories(root.resolve("home/models"));
    file = Files.writeString(root.resolve("home/models/a"), "");
    Files.setAttribute(root, "unix:mode", 0755);
    Files.setAttribute(root.resolve("home"), "unix:mode", 0755);
    Files.setAttribute(root.resolve("home/models"), "unix:mode", 0755);
    Files.setAttribute(file, "unix:mode", 0644);
  }

  @Test
  void anOpenPathIsOpenToEverybody() throws Exception {
    assertEquals(Optional.empty(), closed(SOMEBODY));
  }

  @Test
  @FaultCase(123)
  void aClosedAncestorIsNamed() throws Exception {
    Files.setAttribute(root.resolve("home"), "unix:mode", 0700);
    assertTrue(closed(SOMEBODY).orElseThrow().contains("home is "), closed(SOMEBODY).toString());
    assertEquals(Optional.empty(), closed(new Owner(0, 0)));
  }

  @Test
  void theFirstMatchingClassDecides() throws Exception {
    Owner owner = PublisherTest.self();
    Files.setAttribute(file, "unix:mode", 0604);
    assertEquals(Optional.empty(), closed(SOMEBODY));
    assertTrue(closed(new Owner(54321, owner.gid())).isPresent());
  }

  private Optional<String> closed(Owner user) throws IOException {
    RootedPaths paths = RootedPaths.below(root);
    return new Access(paths).closed(paths.locate(Path.of("/home/models/a")), user);
  }
}
