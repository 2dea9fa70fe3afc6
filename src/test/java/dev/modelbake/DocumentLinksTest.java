package dev.modelbake;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.modelbake.testing.Document;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.junit.jupiter.api.Test;
import org.xml.sax.SAXException;

/** Documents lead to each other, and nowhere else. */
class DocumentLinksTest {
  private static final Path INDEX = Path.of("docs/README.md");

  @Test
  void everyLinkLeadsToAFileAndAHeading() throws IOException {
    List<String> broken = new ArrayList<>();
    for (Document document : Document.all()) {
      for (String link : document.links()) {
        if (!link.matches("(https?|mailto):.*") && !isThere(document, link)) {
          broken.add(document + ": " + link);
        }
      }
    }
    assertEquals(List.of(), broken);
  }

  private static boolean isThere(Document document, String link) throws IOException {
    int hash = link.indexOf('#');
    String file = hash < 0 ? link : link.substring(0, hash);
    Path target = file.isEmpty() ? document.path() : beside(document, file);
    if (!Files.exists(target)) {
      return false;
    }
    return hash < 0 || Document.read(target).anchors().contains(link.substring(hash + 1));
  }

  private static Path beside(Document document, String file) {
    Path directory = document.path().getParent();
    return (directory == null ? Path.of(file) : directory.resolve(file)).normalize();
  }

  @Test
  void theIndexNamesEveryDocument() throws IOException {
    Document index = Document.read(INDEX);
    Set<Path> named =
        index.links().stream()
            .filter(link -> !link.contains(":"))
            .map(link -> beside(index, link.replaceFirst("#.*", "")))
            .collect(Collectors.toCollection(TreeSet::new));
    for (Document document : Document.all()) {
      assertTrue(
          document.path().equals(INDEX) || named.contains(document.path()), document.toString());
    }
  }

  @Test
  void everyPictureIsShownAndCanBeDrawn()
      throws IOException, ParserConfigurationException, SAXException {
    Set<Path> shown = new TreeSet<>();
    for (Document document : Document.all()) {
      document.links().stream()
          .filter(link -> link.endsWith(".svg"))
          .forEach(link -> shown.add(beside(document, link)));
    }
    try (Stream<Path> files = Files.walk(Path.of("docs"))) {
      assertEquals(
          files
              .filter(file -> file.toString().endsWith(".svg"))
              .collect(Collectors.toCollection(TreeSet::new)),
          shown);
    }
    for (Path picture : shown) {
      DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(picture.toFile());
    }
  }
}
