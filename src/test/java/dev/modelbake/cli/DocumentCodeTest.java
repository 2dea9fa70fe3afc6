package dev.modelbake.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import dev.modelbake.json.JsonBounds;
import dev.modelbake.json.JsonException;
import dev.modelbake.json.JsonObject;
import dev.modelbake.json.JsonReader;
import dev.modelbake.manifest.SiteReader;
import dev.modelbake.testing.CodeBlock;
import dev.modelbake.testing.Document;
import dev.modelbake.testing.DocumentSchema;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import picocli.CommandLine;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.ParameterException;

/**
 * Every block of code in a document is checked, run, or says why not. Shell commands that say
 * nothing are run by {@code DocumentCommandsIT}, Dockerfiles are built by {@code DocumentImagesIT};
 * here every call of modelbake is understood, and manifests, site files and JSON are read.
 */
class DocumentCodeTest {
  private static final JsonBounds BOUNDS = new JsonBounds(1 << 20, 32);

  @TempDir Path directory;

  static Stream<Document> documents() throws IOException {
    return Document.all().stream();
  }

  static Stream<CodeBlock> blocks() throws IOException {
    return documents().flatMap(document -> document.blocks().stream());
  }

  @ParameterizedTest
  @MethodSource("blocks")
  void aBlockIsCheckedOrSaysWhyNot(CodeBlock block) throws IOException, JsonException {
    block.notRun().ifPresent(why -> assertTrue(why.length() > 10, block + " gives no reason"));
    if (block.runBy().isPresent()) {
      assertRunBy(block, block.runBy().get());
    }
    boolean told = block.notRun().isPresent() || block.runBy().isPresent();
    switch (block.language()) {
      case "sh", "console", "dockerfile" -> assertFalse(block.script().isBlank(), block.toString());
      case "yaml" -> assertTrue(readsAsOurs(block) || told, block + ": yaml of others, unmarked");
      case "json" -> assertJson(block);
      case "text" -> assertEquals(List.of(), block.calls(), block + " is no text but commands");
      case "" -> fail(block + " has no language");
      default -> assertTrue(told || block.file().isPresent(), block + " is run by nothing");
    }
  }

  /** A test is known by its name, a script by its path; a script has the very lines. */
  private static void assertRunBy(CodeBlock block, String name) throws IOException {
    Path script = Path.of(name);
    if (Files.isRegularFile(script)) {
      String text = Files.readString(script);
      block.lines().forEach(line -> assertTrue(text.contains(line), block + ": " + line));
      return;
    }
    try (Stream<Path> tests = Files.walk(Path.of("src/test/java"))) {
      assertTrue(tests.anyMatch(test -> test.endsWith(name + ".java")), block + ": " + name);
    }
  }

  private void assertJson(CodeBlock block) throws IOException, JsonException {
    JsonObject json =
        (JsonObject) JsonReader.read(block.text().getBytes(StandardCharsets.UTF_8), BOUNDS);
    String schema = json.string("schema").orElse("").replaceFirst("^modelbake-(.*)/\\d+$", "$1");
    if (Files.exists(Path.of("docs", schema + ".schema.json"))) {
      DocumentSchema.named(schema).accepts(block.text());
    }
  }

  /** Manifests, parts of manifests and site files are read by the product, others by a parser. */
  private boolean readsAsOurs(CodeBlock block) throws IOException {
    String text = block.text();
    if (text.startsWith("- name:") || text.startsWith("- catalog:")) {
      return lints(block, "schema: modelbake/1\nmodels:\n" + text.indent(2));
    }
    if (text.startsWith("- url:")) {
      String model = "schema: modelbake/1\nmodels:\n  - name: a\n    dir: /a\n    files:\n";
      return lints(block, model + text.indent(6));
    }
    List<String> keys = new ArrayList<>();
    for (Object part : new Load(LoadSettings.builder().build()).loadAllFromString(text)) {
      ((Map<?, ?>) part).keySet().forEach(key -> keys.add(key.toString()));
    }
    if (keys.contains("schema")) {
      return lints(block, text);
    }
    if (keys.contains("mirrors") || keys.contains("policy")) {
      Files.createFile(directory.resolve("corp-ca.pem"));
      SiteReader.read(Files.writeString(directory.resolve("site.yaml"), text));
      return true;
    }
    return false;
  }

  private boolean lints(CodeBlock block, String manifest) throws IOException {
    Path file = Files.writeString(directory.resolve("models.yaml"), manifest);
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    assertEquals(
        0,
        CommandTree.run(session(err), "lint", file.toString()),
        () -> block + "\n" + err.toString(StandardCharsets.UTF_8));
    return true;
  }

  private static Session session(OutputStream err) {
    return new Session(
        Map.of(),
        new Output("out", OutputStream.nullOutputStream(), StandardCharsets.UTF_8),
        new Output("err", err, StandardCharsets.UTF_8));
  }

  @ParameterizedTest
  @MethodSource("blocks")
  void everyCallInABlockIsUnderstood(CodeBlock block) {
    for (List<String> call : block.calls()) {
      assertEquals(Optional.empty(), complaint(call), block + ": " + call);
    }
  }

  /** A sentence may leave out what the command works on. */
  @ParameterizedTest
  @MethodSource("documents")
  void everyCallInASentenceIsUnderstood(Document document) {
    for (String code : document.inlineCode()) {
      for (List<String> call : CodeBlock.calls(code.contains("…") ? "" : code)) {
        assertEquals(
            Optional.empty(),
            complaint(call).filter(e -> !(e instanceof MissingParameterException)),
            document + ": " + code);
      }
    }
  }

  private static Optional<ParameterException> complaint(List<String> call) {
    try {
      tree().parseArgs(call.toArray(String[]::new));
      return Optional.empty();
    } catch (ParameterException e) {
      return Optional.of(e);
    }
  }

  private static CommandLine tree() {
    return CommandTree.of(session(OutputStream.nullOutputStream()));
  }

  @Test
  void aMistypedOptionInABlockIsSeen() {
    CodeBlock block =
        new CodeBlock(
            Path.of("x.md"), 1, "sh", List.of(), List.of("A=b modelbake lint 'a b' --stirct > x"));
    assertEquals(List.of(List.of("lint", "a b", "--stirct")), block.calls());
    assertTrue(complaint(block.calls().get(0)).isPresent());
  }

  @Test
  void callsAreFoundBehindMountsAndInPipes() {
    assertEquals(
        List.of(List.of("bake", "--owner", "1000:0", "m.yaml"), List.of("env")),
        CodeBlock.calls(
            """
            RUN --mount=type=bind,from=modelbake,source=/opt/modelbake,target=/mnt/modelbake \\
                /mnt/modelbake/bin/modelbake bake --owner 1000:0 \\
                  m.yaml 2>&1
            cp -a target/modelbake app # modelbake lint
            true && modelbake env | cat
            """));
  }
}
