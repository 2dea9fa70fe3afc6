package dev.modelbake.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.modelbake.model.FailureKind;
import dev.modelbake.testing.FaultCase;
import java.io.ByteArrayOutputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

class CommandTreeTest {
  @TempDir Path directory;

  private static final Session NOWHERE =
      new Session(
          Map.of(),
          new Output("out", OutputStream.nullOutputStream(), StandardCharsets.UTF_8),
          new Output("err", OutputStream.nullOutputStream(), StandardCharsets.UTF_8));

  /** Options of one form, of which each command says what it does with them. */
  private static final Set<String> TOLD_BY_EACH_COMMAND =
      Set.of(
          "--json",
          "--output",
          "--owner",
          "--quiet",
          "--receipt",
          "--report",
          "--strict",
          "--sums",
          "--verbose");

  private Map<String, String> environment = Map.of();

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  private int run(String... args) {
    return run(out, args);
  }

  private int run(OutputStream standardOut, String... args) {
    Session session =
        new Session(
            environment,
            new Output("standard output", standardOut, StandardCharsets.UTF_8),
            new Output("standard error", err, StandardCharsets.UTF_8));
    return CommandTree.run(session, args);
  }

  private String err() {
    return err.toString(StandardCharsets.UTF_8);
  }

  private String out() {
    return out.toString(StandardCharsets.UTF_8);
  }

  private static List<CommandLine> commands() {
    List<CommandLine> commands = new ArrayList<>();
    for (CommandLine command : CommandTree.of(NOWHERE).getSubcommands().values()) {
      commands.add(command);
      commands.addAll(command.getSubcommands().values());
    }
    return commands;
  }

  @Test
  void everyOptionOfEveryCommandIsDocumentedAndDescribed() throws IOException {
    String text = Files.readString(Path.of("docs/commands.md"));
    for (CommandLine command : commands()) {
      String name = command.getCommandSpec().qualifiedName().split(" ", 3)[1];
      assertTrue(text.contains("\n## " + name + "\n"), name);
      command
          .getCommandSpec()
          .options()
          .forEach(
              option -> {
                assertTrue(option.description().length > 0, name + " " + option.longestName());
                for (String spelling : option.names()) {
                  assertTrue(text.contains("`" + spelling), name + " " + spelling);
                }
              });
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "bake",
        "plan",
        "verify",
        "pin",
        "lint",
        "catalog",
        "env",
        "dockerfile",
        "mirror",
        "gc",
        "guard",
        "record",
        "demo",
        "schema",
        "completion"
      })
  void everyCommandHasHelpOnStandardOutput(String command) {
    assertEquals(0, run(command, "--help"));
    assertTrue(out().startsWith("Usage: modelbake " + command), out());
    assertEquals("", err());
  }

  @Test
  void noLineOfADescriptionIsBrokenAtEightyCharacters() {
    for (CommandLine command : commands()) {
      String[] lines = command.getCommandSpec().usageMessage().description();
      for (String line : lines) {
        assertTrue(lines.length == 1 || line.length() < 80, line);
      }
    }
  }

  @Test
  void aMistypedCommandOrOptionIsUsageWithASuggestion() {
    assertEquals(64, run("bkae"));
    assertTrue(err().contains("Did you mean bake?"), err());
    assertEquals(64, run("bake", "--onyl", "x"));
    assertTrue(err().contains("Did you mean --only?"), err());
  }

  @Test
  void aMistypedCommandBelowAnotherIsSuggestedToo() {
    assertEquals(64, run("mirror", "exprot", "x"));
    assertTrue(err().contains("Did you mean export?"), err());
    err.reset();
    assertEquals(64, run("catalog", "lsit"));
    assertTrue(err().contains("Did you mean list?"), err());
  }

  @Test
  void withoutACommandTheCommandsAreNamed() {
    assertEquals(64, run());
    assertTrue(err().startsWith("error: modelbake needs a command: bake, plan, "), err());
    err.reset();
    assertEquals(64, run("mirror"));
    assertEquals(
        """
        error: modelbake mirror needs a command: export, import, verify, push or pull
        Try `modelbake mirror --help`.
        """,
        err());
  }

  @Test
  void anEmptyOwnerIsUsage() {
    assertEquals(64, run("plan", "--owner", "", "catalog:rembg/u2netp"));
    assertTrue(err().contains("reading --owner"), err());
    assertTrue(err().contains("it is empty"), err());
  }

  @ParameterizedTest
  @CsvSource({
    "bake --progress plian, plain",
    "demo --color alway, always",
    "env --format dokcerfile, dockerfile",
    "dockerfile --form stagged, staged",
    "completion bahs, bash"
  })
  void aMistypedChoiceIsUsageWithASuggestion(String line, String meant) {
    assertEquals(64, run(line.split(" ", -1)));
    assertTrue(err().contains("Did you mean " + meant + "?"), err());
  }

  @Test
  void theSameOptionHasTheSameFormAndMeaningEverywhere() {
    Map<String, String> forms = new TreeMap<>();
    List<String> differing = new ArrayList<>();
    for (CommandLine command : commands()) {
      for (OptionSpec option : command.getCommandSpec().options()) {
        String name = option.longestName();
        String form = String.join(" ", option.names()) + " " + option.paramLabel();
        if (!TOLD_BY_EACH_COMMAND.contains(name)) {
          form += ": " + String.join(" ", option.description());
        }
        String before = forms.putIfAbsent(name, form);
        if (before != null && !before.equals(form)) {
          differing.add(command.getCommandSpec().qualifiedName() + " " + form);
        }
      }
    }

    assertEquals(List.of(), differing);
  }

  @Test
  void theTopicsOfTheHelpNameOptionsThatThereAre() {
    Set<String> known = new TreeSet<>();
    for (CommandLine command : commands()) {
      command.getCommandSpec().options().forEach(option -> known.add(option.longestName()));
    }
    for (HelpTopic topic : HelpTopic.values()) {
      assertTrue(known.containsAll(topic.names()), topic.names().toString());
    }
  }

  @Test
  void everyHelpPageHasExamplesThatAreUnderstood() {
    int understood = 0;
    for (CommandLine command : commands()) {
      String name = command.getCommandSpec().qualifiedName();
      List<String> examples = Examples.of(name);
      assertFalse(examples.isEmpty(), name);
      assertTrue(examples.stream().anyMatch(line -> line.contains(name)), name);
      for (String example : examples) {
        if (example.contains("modelbake ")) {
          parse(example.replaceFirst("source <\\((.*)\\)", "$1"));
          understood++;
        }
      }
      HelpPage.arrange(command, 80);
      String page = command.getUsageMessage();
      examples.forEach(line -> assertTrue(page.contains("\n  " + line + "\n"), page));
    }
    Examples.of("modelbake").forEach(CommandTreeTest::parse);
    assertTrue(understood > 30, understood + " examples");
  }

  @ParameterizedTest
  @ValueSource(ints = {20, 80, 200})
  void noHelpPageIsWiderThanTheTerminalOrThanPeopleRead(int columns) {
    for (CommandLine command : commands()) {
      HelpPage.arrange(command, columns);
      int widest = Math.max(80, Math.min(120, columns));
      for (String line : command.getUsageMessage().lines().toList()) {
        assertTrue(line.length() <= widest, line.length() + ": " + line);
      }
    }
  }

  @Test
  void helpIsAsWideAsColumnsSays() {
    environment = Map.of("COLUMNS", "110");
    assertEquals(0, run("bake", "--help"));
    assertTrue(out().lines().anyMatch(line -> line.length() > 90), out());
    assertTrue(out().contains("Examples:"), out());
  }

  private static void parse(String line) {
    String[] words = line.replaceFirst(" *>.*", "").replace("'", "").split(" +", -1);
    CommandTree.of(NOWHERE).parseArgs(Arrays.copyOfRange(words, 1, words.length));
  }

  @Test
  @FaultCase(161)
  void aMistypedSuggestionNeverPrintsControlCharacters() {
    assertEquals(64, run("\u001b]0;title\u0007"));
    assertTrue(err().indexOf('\u001b') < 0, err());
  }

  @Test
  @FaultCase(164)
  void outputThatCannotBeWrittenIsAnError() {
    OutputStream full =
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            throw new IOException("No space left on device");
          }
        };
    assertEquals(74, run(full, "schema"));
    assertTrue(err().contains("could not be written"), err());
  }

  @Test
  void verifyWritesSumsOfWhatItProved() throws IOException {
    Path manifest = directory.resolve("models.yaml");
    Path file = Files.writeString(directory.resolve("a"), "text");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    String hex = "982d9e3eb996f559e633f4d194def3761d909f5a3b647d1a851fead67c32c9d1";
    Files.writeString(
        manifest,
        """
        schema: modelbake/1
        models:
          - name: a
            dir: %s
            files: [{url: "https://origin.example/a", sha256: %s, size: 4}]
        """
            .formatted(directory, hex));
    assertEquals(0, run("verify", "--sums", "-", manifest.toString()), err());
    assertEquals(hex + "  " + file + "\n", out());
    assertEquals(64, run("verify", "--quick", "--sums", "-", manifest.toString()));
    Files.writeString(file, "TEXT");
    out.reset();
    assertEquals(65, run("verify", "--sums", "-", manifest.toString()));
    assertEquals("", out());
  }

  @Test
  void theCatalogIsListedSearchedAndShown() throws IOException {
    assertEquals(0, run("catalog", "list"));
    assertTrue(out().contains("rembg"), out());
    assertTrue(out().lines().allMatch(line -> line.length() <= 80), out());
    out.reset();
    assertEquals(0, run("catalog", "list", "LANDMARKS"));
    assertTrue(out().contains("dlib/shape-predictor-68"), out());
    assertEquals(64, run("catalog", "list", "no such word"));
    assertEquals(64, run("catalog"));
    out.reset();
    assertEquals(0, run("catalog", "show", "rembg/u2net_human_seg", "dlib/shape*", "--manifest"));
    Path manifest = Files.writeString(directory.resolve("models.yaml"), out());
    assertEquals(0, run("lint", manifest.toString()), err());
    assertEquals(64, run("catalog", "show", "rembg/u2nte"));
    assertTrue(err().contains("did you mean"), err());
    out.reset();
    assertEquals(0, run("catalog", "show", "rembg/u2netp", "--json"));
    assertTrue(out().contains("\"name\": \"rembg/u2netp\""), out());
  }

  @Test
  @FaultCase(131)
  void anEntryOfTheCatalogThatIsNotPinnedNamesPin() {
    assertEquals(78, run("bake", "catalog:piper/en_US-lessac-medium", "--dir", "piper/*=/x"));
    assertTrue(
        err().contains("`modelbake pin catalog:piper/en_US-lessac-medium -o models.yaml`"), err());
  }

  @Test
  void aMissingManifestIsNamedWithWhatToDo() {
    assertEquals(66, run("lint", directory.resolve("models.yaml").toString()));
    assertTrue(err().contains(".dockerignore"), err());
  }

  @Test
  void lintExitsZeroWithWarningsAndSeventyEightWithErrorsOrWhenStrict() throws IOException {
    Path manifest = directory.resolve("models.yaml");
    Files.writeString(
        manifest,
        """
        schema: modelbake/1
        models:
          - name: a
            dir: /opt/a
            files:
              - url: https://origin.example/a.onnx
        """);
    assertEquals(0, run("lint", manifest.toString()));
    assertTrue(err().contains(":6:"), err());
    assertEquals(78, run("lint", "--strict", manifest.toString()));
    Files.writeString(manifest, Files.readString(manifest) + "    nmae: b\n");
    assertEquals(78, run("lint", manifest.toString()));
    assertTrue(err().contains("did you mean"), err());
  }

  @Test
  void aModelOfTheCatalogSaysWhereItWent() throws IOException {
    String[] options = {"env", "catalog:rembg/u2netp", "--owner", "1000", "--home", "/home/x"};
    assertEquals(0, run(options), err());
    assertEquals("ENV U2NET_HOME=/home/x/.u2net\n", out());
    out.reset();
    assertEquals(0, run("env", "catalog:rembg/u2netp", "--dir", "rembg/*=/opt/u2net"), err());
    assertEquals("ENV U2NET_HOME=/opt/u2net\n", out());
    out.reset();
    Path manifest =
        Files.writeString(
            directory.resolve("models.yaml"),
            "schema: modelbake/1\nmodels: [{catalog: rembg/u2netp, dir: /opt/own}]\n");
    assertEquals(0, run("env", manifest.toString()), err());
    assertEquals("ENV U2NET_HOME=/opt/own\n", out());
  }

  @Test
  void theDockerfileOfAModelOfTheCatalogMakesItsDirectories() {
    assertEquals(0, run("dockerfile", "catalog:rembg/u2netp"), err());
    assertTrue(out().contains("mkdir -p /etc/modelbake && "), out());
    assertTrue(out().contains("--owner appuser"), out());
    assertTrue(out().contains("ENV U2NET_HOME=/home/appuser/.u2net\n"), out());
    assertEquals(64, run("dockerfile", "--form", "staged", "catalog:rembg/u2netp"));
    assertTrue(err().contains("below one directory"), err());
  }

  @Test
  void envPrintsWhatTheImageMustSet() throws IOException {
    Path manifest = directory.resolve("models.yaml");
    Files.writeString(
        manifest,
        """
        schema: modelbake/1
        home: /home/app user
        env: {HF_HOME: ~/hf, PRICE: "$5"}
        models:
          - name: a
            dir: /opt/a
            env: {HF_HUB_OFFLINE: "1"}
            files:
              - url: https://origin.example/a.onnx
        """);
    assertEquals(0, run("env", manifest.toString()));
    assertEquals(
        "ENV HF_HOME=\"/home/app user/hf\"\nENV HF_HUB_OFFLINE=1\nENV PRICE=\"\\$5\"\n", out());
    out.reset();
    assertEquals(0, run("env", "--format", "sh", manifest.toString()));
    assertEquals(
        "export HF_HOME='/home/app user/hf'\nexport HF_HUB_OFFLINE='1'\nexport PRICE='$5'\n",
        out());
    out.reset();
    assertEquals(0, run("env", "--format", "json", manifest.toString()));
    assertTrue(out().contains("\"HF_HUB_OFFLINE\": \"1\""), out());
  }

  @Test
  void schemaAndCompletionAreData() {
    assertEquals(0, run("schema"), this::err);
    assertTrue(out().startsWith("{"), out());
    out.reset();
    assertEquals(0, run("completion"));
    assertTrue(out().contains("--only-mirrors"), "the script knows the options");
    assertTrue(out().contains("rembg/u2netp"), "and the catalog");
  }

  @Test
  @FaultCase(164)
  void lostOutputOutranksLesserFailuresOnly() throws IOException {
    try (OutputStream full = new FileOutputStream("/dev/full")) {
      Output lost = new Output("standard error", full, StandardCharsets.UTF_8);
      Output kept = new Output("standard output", out, StandardCharsets.UTF_8);
      Session session = new Session(environment, kept, lost);
      assertEquals(74, CommandTree.run(session, "bake", "--no-such-option"));
      assertEquals(64, CommandTree.run(session, "guard", "--no-such-option"));
    }
    assertTrue(ExitCode.isLesser(69, FailureKind.IO));
    assertFalse(ExitCode.isLesser(65, FailureKind.IO), "wrong bytes are graver");
    assertFalse(ExitCode.isLesser(143, FailureKind.IO), "so is being stopped");
  }
}
