package dev.modelbake.manifest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.modelbake.manifest.Setting.Value;
import dev.modelbake.model.Location;
import dev.modelbake.model.ManifestException;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ManifestEditorTest {
  private static final String HEX = "ab".repeat(32);
  private static final List<Setting> PIN =
      List.of(Setting.of("sha256", HEX), Setting.of("size", 64040097));

  private static String set(String text, int line, int column, List<Setting> settings) {
    return set(text, line, column, List.of(), settings, Optional.of("downloaded"));
  }

  private static String set(
      String text,
      int line,
      int column,
      List<String> path,
      List<Setting> settings,
      Optional<String> comment) {
    ManifestEditor editor = new ManifestEditor("models.yaml", text);
    editor.set(new Location("models.yaml", line, column), path, settings, comment);
    return editor.text();
  }

  @Test
  void aBlockEntryGetsLinesOfItsOwnBehindItsSources() {
    String text =
        """
        # models of the app
        schema: modelbake/1
        models:
          - name: a   # first
            dir: /opt
            files:
              - url: https://h.example/a.onnx   # the origin
                mirrors:
                  - https://m.example/a.onnx  # slow
                # what follows belongs to the next key
                mode: "0600"

              # the second
              - url: https://h.example/b.onnx
        """;
    String added =
        """
                  - https://m.example/a.onnx  # slow
                sha256: %s  # downloaded
                size: 64040097
        """
            .formatted(HEX);
    assertEquals(
        text.replace("          - https://m.example/a.onnx  # slow\n", added),
        set(text, 7, 9, PIN));
  }

  @Test
  void theLastLineNeedsNoLineFeed() {
    String text = "files:\n- url: https://h.example/a";
    assertEquals(
        text + "\n  sha256: " + HEX + "  # downloaded\n  size: 64040097", set(text, 2, 3, PIN));
  }

  @Test
  void aFlowEntryStaysOnItsLine() {
    String text = "files:\n  - {url: https://h.example/a}\n  - {url: \"https://h.example/b\"}\n";
    assertEquals(
        text.replace("a}", "a, sha256: " + HEX + ", size: 64040097}  # downloaded"),
        set(text, 2, 5, PIN));
    String commented = "files:\n  - {url: https://h.example/a}  # mine\n";
    assertEquals(
        commented.replace("a}", "a, sha256: " + HEX + ", size: 64040097}"),
        set(commented, 2, 5, PIN));
  }

  @Test
  void aFlowMappingOfSeveralLinesKeepsThem() {
    String text = "files: [{\n    url: https://h.example/a,  # origin\n    mode: \"0600\"\n}]\n";
    assertEquals(
        text.replace("/a,", "/a, sha256: " + HEX + ", size: 64040097,"), set(text, 1, 9, PIN));
  }

  @Test
  void jsonStaysJson() {
    String text = "{\"models\": [{\"files\": [\n  {\"url\": \"https://h.example/a\"}\n]}]}\n";
    assertEquals(
        text.replace("/a\"}", "/a\", \"sha256\": \"" + HEX + "\", \"size\": 64040097}"),
        set(text, 2, 3, PIN));
  }

  @Test
  void lineEndsAndTheByteOrderMarkStay() {
    String text = "\uFEFFfiles:\r\n  - url: https://h.example/a\r\n    path: \uD83D\uDE00.bin\r\n";
    assertEquals(
        text.replace(
            ".bin\r\n", ".bin\r\n    sha256: " + HEX + "  # downloaded\r\n    size: 64040097\r\n"),
        set(text, 2, 5, PIN));
  }

  @Test
  void charactersBeyondSixteenBitsDoNotShiftTheEdit() {
    String text = "x: \uD83D\uDE00\uD83D\uDE00\nfiles:\n  - {url: https://h.example/a}\n";
    assertEquals(
        text.replace("a}", "a, sha256: " + HEX + ", size: 64040097}  # downloaded"),
        set(text, 3, 5, PIN));
  }

  @Test
  void aListOfMembersIsWrittenOutBelowItsKey() {
    String text = "files:\n  - url: https://h.example/a.zip\n    unpack: zip\n    mode: \"0600\"\n";
    Value members =
        new Value.Items(
            List.of(
                new Value.Table(
                    List.of(Setting.of("path", "a b.txt"), Setting.of("sha256", HEX)))));
    assertEquals(
        text.replace(
            "zip\n    mode",
            "zip\n    members:  # downloaded\n      - {path: \"a b.txt\", sha256: "
                + HEX
                + "}\n    mode"),
        set(text, 2, 5, List.of(new Setting("members", members))));
  }

  @Test
  void aValueIsReplacedInItsOwnQuotes() {
    String commit = "1110a243fdf4706b3f48f1d95db1a4f5529b4d41";
    for (String quoted : List.of("'main'", "\"main\"", "main")) {
      String text =
          "- name: m\n  huggingface: {repo: o/n, revision: " + quoted + ", ref: main}  # why\n";
      assertEquals(
          text.replace("revision: " + quoted, "revision: " + quoted.replace("main", commit)),
          set(
              text,
              1,
              3,
              List.of("huggingface"),
              List.of(Setting.of("revision", commit)),
              Optional.of("metadata")));
    }
  }

  @Test
  void aPinIsReplacedAndItsCommentKept() {
    String text =
        "- url: https://h.example/a\n  sha256: " + "0".repeat(64) + " # by hand\n  size: 3\n";
    assertEquals(
        text.replace("0".repeat(64), HEX).replace("size: 3", "size: 64040097"),
        set(text, 1, 3, PIN));
  }

  @Test
  void wordsThatYamlReadsAsSomethingElseAreQuoted() {
    for (String word : List.of("null", "1e5", "0".repeat(64), "on: off", "#x", "true", "~", "-")) {
      String edited = set("- url: u\n", 1, 3, List.of(Setting.of("path", word)));
      assertEquals("- url: u\n  path: \"" + word + "\"  # downloaded\n", edited);
    }
    assertEquals(
        "- url: u\n  path: 1_Pooling/config.json  # downloaded\n",
        set("- url: u\n", 1, 3, List.of(Setting.of("path", "1_Pooling/config.json"))));
  }

  @Test
  void anEntryThatStandsInTwoPlacesIsLeftAlone() {
    String text = "a:\n  - &x {url: https://h.example/a}\nb:\n  - *x\n";
    ManifestException e = assertThrows(ManifestException.class, () -> set(text, 2, 5, PIN));
    assertEquals("shared-entry", e.problems().get(0).rule());
    String once = "a:\n  - &x {url: https://h.example/a}\n";
    assertEquals(
        once.replace("/a}", "/a, sha256: " + HEX + ", size: 64040097}  # downloaded"),
        set(once, 2, 5, PIN));
    String block = "a:\n  - &x\n    url: https://h.example/a\n";
    assertEquals(
        block + "    sha256: " + HEX + "  # downloaded\n    size: 64040097\n",
        set(block, 2, 5, PIN));
  }

  @Test
  void foldedTextAndOddIndentationAreNoObstacle() {
    String text =
        "files:\n-    url: >-\n       https://h.example/a\n\n\n     mode: '0600'\n# end\n";
    assertEquals(
        text.replace(
            "example/a\n",
            "example/a\n     sha256: " + HEX + "  # downloaded\n     size: 64040097\n"),
        set(text, 2, 6, PIN));
  }

  /** Whatever the style: the text without what was added is the text before. */
  @Test
  void nothingButTheAddedTextDiffers() {
    Random random = new Random(20260101);
    for (int round = 0; round < 300; round++) {
      StringBuilder text = new StringBuilder("schema: modelbake/1\nmodels:\n");
      int files = 1 + random.nextInt(4);
      int[] lines = new int[files];
      int[] columns = new int[files];
      int line = 3;
      String indent = " ".repeat(random.nextInt(5));
      text.append("- name: m # model\n  files:\n");
      line += 2;
      for (int i = 0; i < files; i++) {
        if (random.nextBoolean()) {
          text.append("  # file ").append(i).append("\n\n");
          line += 2;
        }
        String head = "  " + indent + "- ";
        lines[i] = line;
        columns[i] = head.length() + 1;
        if (random.nextBoolean()) {
          text.append(head).append("{url: https://h.example/").append(i).append("}");
        } else {
          text.append(head).append("url: \"https://h.example/").append(i).append('"');
          if (random.nextBoolean()) {
            text.append(" # c\n").append(" ".repeat(head.length())).append("mode: '0600'");
            line++;
          }
        }
        text.append(random.nextBoolean() || i < files - 1 ? "\n" : "");
        line++;
      }
      String before = text.toString();
      ManifestEditor editor = new ManifestEditor("m", before);
      for (int i = 0; i < files; i++) {
        editor.set(
            new Location("m", lines[i], columns[i]), List.of(), PIN, Optional.of("downloaded"));
      }
      String after = editor.text();
      String undone =
          after
              .replaceAll(", sha256: " + HEX + ", size: 64040097", "")
              .replaceAll("\n *sha256: " + HEX + "  # downloaded\n *size: 64040097", "")
              .replace("  # downloaded", "");
      assertEquals(before, undone);
    }
  }
}
