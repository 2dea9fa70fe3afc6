package dev.modelbake.report;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.modelbake.json.JsonBounds;
import dev.modelbake.model.FailureKind;
import dev.modelbake.model.ManifestException;
import dev.modelbake.model.Problem;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReceiptReaderTest {
  private static final String GOOD =
      """
      {"schema":"modelbake-receipt/1","files":[{"path":"/a/b","file":"m/b",
       "digest":"sha256:%s","size":3,"uid":1000,"gid":0,"mode":"0644"}]}
      """
          .formatted("ab".repeat(32));

  private static List<Problem> problems(String text) {
    ManifestException failure =
        assertThrows(
            ManifestException.class,
            () -> ReceiptReader.read("r.json", text.getBytes(UTF_8), ReceiptReader.BOUNDS));
    assertEquals(FailureKind.CONFIGURATION, failure.kind());
    return failure.problems();
  }

  @Test
  void aReceiptIsRead() {
    assertEquals(
        "/a/b",
        ReceiptReader.read("r.json", GOOD.getBytes(UTF_8), ReceiptReader.BOUNDS)
            .entries()
            .get(0)
            .path());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "receipt/1      | receipt/2          | `schema` is not modelbake-receipt/1",
        "\"/a/b\"       | \"a/b\"            | an absolute path",
        "\"/a/b\"       | \"/a/../b\"        | an absolute path",
        "\"/a/b\"       | \"/a//b\"          | an absolute path",
        "\"/a/b\"       | \"/\"              | an absolute path",
        "\"/a/b\"       | \"\"               | an absolute path",
        "\"/a/b\"       | \"/a\\u0000\"      | an absolute path",
        "\"/a/b\"       | 7                  | `path`: a string is expected",
        "sha256:        | md5:               | sha256: and 64",
        "sha256:a       | sha256:            | 64 hexadecimal digits",
        "\"size\":3     | \"size\":-1        | out of range",
        "\"size\":3     | \"size\":1e99      | a whole number",
        "\"uid\":1000   | \"uid\":-1         | uid and gid",
        "\"gid\":0,     | ~~                 | `gid` is missing",
        "0644           | 4755               | setuid",
        "\"size\":3     | \"size\":3,\"target\":1 | unknown key `target`",
        "\"schema\"     | \"next\":1,\"schema\" | unknown key `next`",
      })
  void aReceiptThatIsNotExactlyOneIsRefused(String from, String to, String says) {
    List<Problem> problems = problems(GOOD.replace(from, to == null ? "" : to));
    assertEquals(1, problems.size(), problems.toString());
    assertTrue(problems.get(0).what().contains(says), problems.get(0).what());
  }

  @Test
  void aReceiptThatNamesNothingProvesNothing() {
    assertTrue(
        problems("{\"schema\":\"modelbake-receipt/1\",\"files\":[]}")
            .get(0)
            .what()
            .contains("names no file"));
    assertTrue(
        problems("{\"schema\":\"modelbake-receipt/1\"}").get(0).what().contains("names no file"));
  }

  @Test
  void aPathMayStandOnce() {
    String entry = GOOD.substring(GOOD.indexOf("{\"path"), GOOD.indexOf("]"));
    assertTrue(problems(GOOD.replace(entry, entry + "," + entry)).get(0).what().contains("twice"));
  }

  @Test
  void allProblemsComeTogetherUpToABound() {
    String entry = "{\"path\":\"x\"},";
    String many = "{\"schema\":\"modelbake-receipt/1\",\"files\":[" + entry.repeat(100) + "{}]}";
    assertEquals(20, problems(many).size());
  }

  @Test
  void aSyntaxErrorHasItsPlace() {
    Problem problem = problems(GOOD + "x").get(0);
    assertEquals(3, problem.at().line());
    assertEquals("r.json", problem.at().source());
    assertTrue(problems("[]").get(0).what().contains("an object"));
  }

  @Test
  void sizeAndDepthAreBounded() {
    assertThrows(
        ManifestException.class,
        () -> ReceiptReader.read("r", GOOD.getBytes(UTF_8), new JsonBounds(20, 4)));
    assertTrue(problems("[".repeat(100_000)).get(0).what().contains("deeper"));
  }
}
