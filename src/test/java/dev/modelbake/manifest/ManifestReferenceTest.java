package dev.modelbake.manifest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** docs/manifest.md says what the reader does. */
class ManifestReferenceTest {
  private static final Pattern CODE = Pattern.compile("`([a-z-]+)`");

  @TempDir Path folder;

  @Test
  void everyKeyHasARowInTheReferenceAndAPlaceInTheSchema() throws IOException {
    JsonNode schema = JsonMapper.shared().readTree(ManifestSchema.text());
    JsonNode parts = schema.get("$defs");
    assertKeys(Level.MANIFEST, "## At the top", schema);
    assertKeys(Level.MODEL, "## A model", parts.get("model"));
    assertKeys(Level.FILE, "## A file", parts.get("file"));
    assertKeys(
        Level.HUGGINGFACE, "### A repository of the Hugging Face hub", parts.get("huggingface"));
    assertKeys(Level.PLACE, "### Further places", parts.get("place"));
    assertKeys(Level.PART, "### A file in parts", parts.get("part"));
    assertKeys(Level.UNPACKED_FILE, "### One compressed file", parts.get("unpackedFile"));
    assertKeys(Level.UNPACKED_TREE, "Or as a whole", parts.get("unpackedTree"));
    assertKeys(Level.MEMBER, "### An archive", parts.get("member"));
  }

  private static void assertKeys(Level level, String heading, JsonNode schema) throws IOException {
    String section = section(heading);
    Set<String> rows =
        section
            .lines()
            .filter(line -> line.startsWith("| `"))
            .map(line -> line.substring(3, line.indexOf('`', 3)))
            .collect(Collectors.toCollection(TreeSet::new));
    assertEquals(new TreeSet<>(level.keys()), rows, heading);
    assertEquals(
        new TreeSet<>(level.keys()), new TreeSet<>(schema.get("properties").propertyNames()));
    for (String key : level.keys()) {
      JsonNode property = schema.get("properties").get(key);
      assertTrue(property.has("title") && property.has("description"), level.noun() + " " + key);
    }
  }

  @Test
  void whatOnlyTheReaderKnowsIsTested() throws IOException {
    Set<String> listed = new TreeSet<>();
    section("## What only the reader knows")
        .lines()
        .filter(line -> line.startsWith("| `"))
        .map(line -> line.substring(0, line.indexOf('|', 1)))
        .forEach(cell -> CODE.matcher(cell).results().forEach(match -> listed.add(match.group(1))));
    Set<String> tested =
        ManifestSchemaTest.onlyTheReaderKnows().stream()
            .map(row -> (String) row[0])
            .collect(Collectors.toCollection(TreeSet::new));
    assertEquals(tested, listed);
  }

  @Test
  void theExampleCanBeRead() throws IOException {
    String document = document();
    int start = document.indexOf("```yaml\n") + "```yaml\n".length();
    String example = document.substring(start, document.indexOf("```", start));
    assertEquals(List.of(), Manifests.places(Manifests.read(folder, example).warnings()));
  }

  /** From a heading to the next of the same or a higher rank, or to the next table's text. */
  private static String section(String heading) throws IOException {
    String rest = document().split(Pattern.quote("\n" + heading), 2)[1];
    int end =
        Pattern.compile("\n#|\nOr as a whole").splitAsStream(rest).findFirst().orElse("").length();
    return rest.substring(0, end);
  }

  private static String document() throws IOException {
    return Files.readString(Path.of("docs/manifest.md"));
  }
}
