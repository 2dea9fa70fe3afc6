package dev.modelbake.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.modelbake.model.MissingException;
import dev.modelbake.model.Site;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SiteFileTest {
  @TempDir Path directory;

  private Path site(String name) throws IOException {
    return Files.writeString(
        directory.resolve(name), "mirrors: [\"https://%s.example\"]\n".formatted(name));
  }

  private static String mirror(Optional<Site> site) {
    return site.orElseThrow().mirrors().get(0).value();
  }

  @Test
  void theOptionWinsOverTheVariable() throws IOException {
    Map<String, String> environment = Map.of("MODELBAKE_SITE", site("variable").toString());
    assertEquals("https://option.example", mirror(SiteFile.find(site("option"), environment)));
    assertEquals("https://variable.example", mirror(SiteFile.find(null, environment)));
  }

  @Test
  void aFileThatIsNamedMustBeThere() {
    Path absent = directory.resolve("absent");
    assertThrows(MissingException.class, () -> SiteFile.find(absent, Map.of()));
    Map<String, String> environment = Map.of("MODELBAKE_SITE", absent.toString());
    assertThrows(MissingException.class, () -> SiteFile.find(null, environment));
  }

  @Test
  void theFirstOfTheUsualPlacesCountsAlsoWhenItLeadsNowhere() throws IOException {
    Path first = directory.resolve("first");
    Path second = site("second");
    assertEquals("https://second.example", mirror(SiteFile.firstOf(List.of(first, second))));
    Files.createSymbolicLink(first, directory.resolve("nowhere"));
    assertThrows(MissingException.class, () -> SiteFile.firstOf(List.of(first, second)));
    Files.delete(first);
    site("first");
    assertEquals("https://first.example", mirror(SiteFile.firstOf(List.of(first, second))));
    assertEquals(Optional.empty(), SiteFile.firstOf(List.of(directory.resolve("none"))));
  }
}
