package dev.modelbake.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.modelbake.manifest.ManifestReader;
import dev.modelbake.model.Descriptor;
import dev.modelbake.model.HubRepository;
import dev.modelbake.model.Model;
import dev.modelbake.model.ModelFile;
import dev.modelbake.model.Text;
import dev.modelbake.model.Unpacking;
import dev.modelbake.model.UsageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The shipped manifests against the facts they were made of. */
class CatalogTest {
  private static final Path FACTS = Path.of("src/test/resources/dev/modelbake/catalog/facts.tsv");

  private final Catalog catalog = new Catalog();

  /** One fact: empty texts where nothing is known. */
  private record Fact(
      String library,
      String file,
      String url,
      String sha256,
      String size,
      String unpacked,
      String licence,
      String evidence) {}

  private static List<Fact> facts() throws IOException {
    return Files.readAllLines(FACTS).stream()
        .skip(1)
        .map(line -> line.split("\t", -1))
        .map(c -> new Fact(c[0], c[1], c[2], c[3], c[4], c[5], c[6], c[7]))
        .toList();
  }

  /** Where the files of an entry come from first. */
  private static String url(Model model, ModelFile file) {
    Optional<HubRepository> hub = model.hub();
    return hub.isPresent()
        ? hub.get().url("https://huggingface.co", file.path())
        : file.sources().get(0).value();
  }

  private static Optional<Descriptor> output(ModelFile file) {
    if (file.unpacking() instanceof Unpacking.Stream stream) {
      return stream.output();
    }
    return file.unpacking() instanceof Unpacking.Tree tree
            && tree.pin() instanceof Unpacking.TreePin.Members members
        ? Optional.of(members.members().get(0).descriptor())
        : Optional.empty();
  }

  @Test
  void everyDigestAndSizeIsAFact() throws IOException {
    Map<String, Fact> facts = new HashMap<>();
    facts().forEach(fact -> facts.putIfAbsent(fact.url(), fact));
    List<String> wrong = new ArrayList<>();
    for (CatalogEntry entry : catalog.all()) {
      for (ModelFile file : entry.model().files()) {
        Fact fact = facts.get(url(entry.model(), file));
        String what = entry.model().name() + " " + file.path();
        if (fact == null) {
          wrong.add(what + " has no fact");
          continue;
        }
        String sha256 = file.pin().map(pin -> pin.digest().hex()).orElse("");
        String size =
            file.hints().size().isPresent() ? Long.toString(file.hints().size().getAsLong()) : "";
        String unpacked = output(file).map(pin -> pin.digest().hex()).orElse("");
        if (!sha256.equals(fact.sha256())
            || !size.equals(fact.size())
            || !unpacked.equals(fact.unpacked())) {
          wrong.add(what + " differs from " + fact);
        }
      }
    }
    assertEquals(List.of(), wrong);
  }

  /**
   * Left out: Python packages, which a copied file does not install, and a second address of bytes
   * that another entry has.
   */
  @Test
  void everyFactThatPinsIsInTheCatalog() throws IOException {
    Set<String> urls = new HashSet<>();
    for (CatalogEntry entry : catalog.all()) {
      for (ModelFile file : entry.model().files()) {
        urls.add(url(entry.model(), file));
        if (file.unpacking() instanceof Unpacking.Stream stream) {
          stream.mirrors().forEach(mirror -> urls.add(mirror.value()));
        }
      }
    }
    Set<String> missing = new TreeSet<>();
    for (Fact fact : facts()) {
      boolean meant = !fact.library().equals("spacy");
      if (meant && !urls.contains(fact.url())) {
        missing.add(fact.library() + " " + fact.file());
      }
    }
    assertEquals(Set.of(), missing);
  }

  @Test
  void licencesAreThoseOfTheFacts() throws IOException {
    Map<String, String> known =
        Map.of(
            "AGPL-3.0", "AGPL-3.0",
            "BSD-3-Clause", "BSD-3-Clause",
            "CC-BY-SA-3.0", "CC-BY-SA-3.0",
            "trained on iBUG 300-W: no commercial use (dlib-models README)",
                "LicenseRef-iBUG-300-W-no-commercial-use",
            "S-Lab License 1.0, non-commercial", "LicenseRef-S-Lab-1.0-no-commercial-use",
            "non-commercial research", "LicenseRef-no-commercial-use-research-only");
    Map<String, String> licences = new HashMap<>();
    facts().forEach(fact -> licences.put(fact.url(), fact.licence()));
    for (CatalogEntry entry : catalog.all()) {
      for (ModelFile file : entry.model().files()) {
        String fact = licences.getOrDefault(url(entry.model(), file), "");
        assertEquals(
            Optional.ofNullable(known.get(fact)), entry.model().license(), entry.model().name());
      }
    }
  }

  @Test
  void aDigestThatOneSourceAloneGivesIsMarked() throws IOException {
    for (Fact fact : facts()) {
      boolean single =
          fact.evidence().equals("single-source")
              && !(fact.sha256().isEmpty() && fact.unpacked().isEmpty());
      for (String digest : single ? List.of(fact.sha256(), fact.unpacked()) : List.<String>of()) {
        for (CatalogEntry entry : catalog.all()) {
          if (!digest.isEmpty() && entry.text().contains("sha256: " + digest)) {
            boolean marked = entry.text().contains("# single source: confirm with pin");
            boolean elsewhere =
                facts().stream()
                    .anyMatch(
                        other ->
                            !other.evidence().equals("single-source")
                                && (other.sha256().equals(digest)
                                    || other.unpacked().equals(digest)));
            assertTrue(marked || elsewhere, entry.model().name());
          }
        }
      }
    }
  }

  @Test
  void eachLibraryHasAFileWhoseNameItsModelsBeginWith() throws IOException {
    Set<String> files = new TreeSet<>();
    try (Stream<Path> all = Files.list(Path.of("manifests"))) {
      all.forEach(file -> files.add(file.getFileName().toString().replaceAll("\\.yaml$", "")));
    }
    assertEquals(files, new TreeSet<>(catalog.libraries()));
    Set<String> names = new HashSet<>();
    for (CatalogEntry entry : catalog.all()) {
      assertTrue(names.add(entry.model().name()), entry.model().name());
      assertTrue(files.contains(entry.library()), entry.model().name());
      assertFalse(entry.text().isEmpty(), entry.model().name());
    }
    assertEquals(catalog.names(), catalog.all().stream().map(one -> one.model().name()).toList());
  }

  @Test
  void whatIsPrintedReadsAsTheSameModels() {
    List<CatalogEntry> all = catalog.all();
    String text = CatalogManifest.of(all);
    List<Model> read =
        ManifestReader.read(
                "printed",
                Optional.empty(),
                text.replaceAll("(?m)^    # dir: (\\S+).*$", "    dir: $1"),
                catalog)
            .manifests()
            .get(0)
            .models();
    assertEquals(all.size(), read.size());
    for (int i = 0; i < read.size(); i++) {
      Model shipped = all.get(i).model();
      assertEquals(shipped.name(), read.get(i).name());
      assertEquals(
          shipped.dir().map(Text::value).orElse("/opt/models"),
          read.get(i).dir().orElseThrow().value());
      assertEquals(
          shipped.files().stream().map(ModelFile::pin).toList(),
          read.get(i).files().stream().map(ModelFile::pin).toList());
    }
  }

  @Test
  void theNameOfAFileLeadsToTheEntryThatBringsIt() {
    for (CatalogEntry entry : catalog.all()) {
      for (ModelFile file : entry.model().files()) {
        String name = file.path().substring(file.path().lastIndexOf('/') + 1);
        if (!(file.unpacking() instanceof Unpacking.Tree)) {
          assertTrue(
              catalog.mentioning(List.of("none", name)).contains(entry),
              () -> entry.model().name() + " is not found by " + name);
        }
      }
    }
    assertEquals(List.of(), catalog.mentioning(List.of("no such file")));
  }

  @Test
  void modelsAreFoundByNameGlobAndWord() {
    assertEquals(1, catalog.find(List.of("rembg/u2netp")).size());
    assertTrue(catalog.find(List.of("rembg/*")).size() > 10);
    UsageException e =
        assertThrows(UsageException.class, () -> catalog.find(List.of("rembg/u2nepp")));
    assertTrue(e.getMessage().contains("rembg/u2netp"), e.getMessage());
    assertTrue(
        catalog.search("LANDMARKS").stream()
            .anyMatch(entry -> entry.model().name().equals("dlib/shape-predictor-68")));
    assertEquals(List.of(), catalog.search("no such word at all"));
  }
}
