package dev.modelbake.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {
  private static final JsonBounds BOUNDS = new JsonBounds(10_000, 8);

  private static Json read(String text) throws JsonException {
    return JsonReader.read(text.getBytes(UTF_8), BOUNDS);
  }

  private static JsonException failure(String text) {
    return assertThrows(JsonException.class, () -> read(text));
  }

  @Test
  void whatIsWrittenIsReadBackTheSame() throws JsonException {
    Json value =
        Json.object()
            .with("b", 1)
            .with("a", "x\u001b]0;\u202e\ud83d\ude00\"\\\n")
            .with("list", List.of(Json.of(true), new JsonNull(), JsonNumber.of(1.5)))
            .with("none", Json.object());
    assertEquals(value, read(value.compact()));
    assertEquals(value, read(value.pretty()));
  }

  @Test
  void theElementsOfALongListAreHandedOnOneByOne() throws JsonException {
    List<Json> elements = new ArrayList<>();
    String text = "{\"a\": 1, \"list\": [{\"list\": [1]}, 2, []], \"b\": [3]}";
    JsonObject rest = JsonReader.read(text.getBytes(UTF_8), BOUNDS, "list", elements::add);
    assertEquals("{\"a\":1,\"list\":[],\"b\":[3]}", rest.compact());
    assertEquals("[{\"list\":[1]},2,[]]", Json.array(elements).compact());
  }

  @Test
  void aLongListThatIsNoneStaysWhatItIs() throws JsonException {
    JsonObject rest =
        JsonReader.read("{\"list\": \"x\"}".getBytes(UTF_8), BOUNDS, "list", JsonTest::unwanted);
    assertEquals("{\"list\":\"x\"}", rest.compact());
  }

  private static void unwanted(Json element) throws JsonException {
    throw new JsonException("unwanted " + element.kind());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "{\"list\": [1",
        "{\"list\": [1]} 2",
        "{\"list\": [], \"list\": []}",
        "{\"list\": [1,]}",
        "{\"list\": [[[[[[[[[1]]]]]]]]]}",
        "{\"list\": [\"\u00ff\"]}"
      })
  void aDocumentWithALongListIsReadAsStrictlyAsAnyOther(String text) {
    // The character of the last one is a byte that UTF-8 does not have.
    byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
    JsonReader.Elements all = element -> {};
    assertThrows(JsonException.class, () -> JsonReader.read(bytes, BOUNDS, "list", all));
    JsonBounds few = new JsonBounds(10, 8);
    byte[] fine = "{\"list\": []}".getBytes(UTF_8);
    assertThrows(JsonException.class, () -> JsonReader.read(fine, few, "list", all));
  }

  @Test
  void whoeverTakesAnElementMayRefuseIt() {
    byte[] bytes = "{\"list\": [5]}".getBytes(UTF_8);
    JsonException failure =
        assertThrows(
            JsonException.class, () -> JsonReader.read(bytes, BOUNDS, "list", JsonTest::unwanted));
    assertEquals("unwanted a number", failure.what());
  }

  @Test
  void keysKeepTheirOrderAndPrettyTextIsExact() {
    assertEquals(
        "{\n  \"b\": 1,\n  \"a\": [\n    2,\n    3\n  ],\n  \"c\": {}\n}\n",
        Json.object()
            .with("b", 1)
            .with("a", List.of(Json.of(2), Json.of(3)))
            .with("c", Json.object())
            .pretty());
  }

  @Test
  void aCompactTextIsOneLineWithoutAnythingATerminalObeys() {
    String text =
        Json.of("a\u001b[31m\u0000\u0085\u2028\u200b\ud800\u202e\nz\udb40\udc01").compact();
    assertEquals(
        "\"a\\u001b[31m\\u0000\\u0085\\u2028\\u200b\\ud800\\u202e\\nz\\udb40\\udc01\"", text);
  }

  @Test
  void anExponentDoesNotBecomeEndlessZeros() throws JsonException {
    assertTrue(read("1e999999999").compact().length() < 20);
    assertEquals("120", read("1.2e2").compact());
    assertEquals(
        Optional.empty(), ((JsonNumber) read("1e999999999")).whole().stream().boxed().findAny());
    assertEquals(new JsonNumber(new BigDecimal("0.1")), read("0.1"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "{\"a\":1,\"a\":2}      | 1 | 8 | twice",
        "[1,                     | 1 | 4 | ",
        "{\"a\" 1}               | 1 | 6 | ",
        "[1] 2                   | 1 | 5 | follows",
        "[[[[[[[[[]]]]]]]]]      | 1 | 9 | deeper than 8",
        "[NaN]                   | 1 | 5 | ",
        "[01]                    | 1 | 3 | ",
        "[1,]                    | 1 | 4 | ",
      })
  void aFaultHasItsPlace(String text, int line, int column, String says) {
    JsonException failure = failure(text);
    assertEquals(line, failure.line(), failure.getMessage());
    assertTrue(Math.abs(column - failure.column()) <= 1, failure.getMessage());
    assertTrue(failure.what().contains(says == null ? "" : says), failure.getMessage());
  }

  @Test
  void nothingIsNoJson() {
    assertTrue(failure(" ").what().contains("empty"));
    assertTrue(failure("\ufeff{}").line() == 1);
  }

  @Test
  void onlyUtf8IsRead() {
    byte[] utf16 = "[1]".getBytes(StandardCharsets.UTF_16LE);
    assertThrows(JsonException.class, () -> JsonReader.read(utf16, BOUNDS));
    byte[] latin = {'"', (byte) 0xe9, '"'};
    JsonException failure = assertThrows(JsonException.class, () -> JsonReader.read(latin, BOUNDS));
    assertEquals("not UTF-8 at byte 1", failure.what());
  }

  @Test
  void aDocumentBeyondTheBoundIsNotRead() throws Exception {
    byte[] bytes = "[1,2,3]".getBytes(UTF_8);
    assertThrows(JsonException.class, () -> JsonReader.read(bytes, new JsonBounds(6, 8)));
    ByteArrayInputStream in = new ByteArrayInputStream(new byte[100]);
    assertThrows(JsonException.class, () -> JsonReader.read(in, new JsonBounds(6, 8)));
    assertEquals(93, in.available());
    assertEquals(
        "[1,2,3]",
        JsonReader.read(new ByteArrayInputStream(bytes), new JsonBounds(7, 1)).compact());
  }

  @Test
  void aFaultQuotesNothingUnprintable() {
    String message = failure("{\"\\u001b[2J\":1,\"\\u001b[2J\":2}").getMessage();
    assertTrue(message.contains("\\x1b[2J"), message);
    assertTrue(message.indexOf('\u001b') < 0);
    assertTrue(failure("[\u001b]").getMessage().indexOf('\u001b') < 0);
  }

  @Test
  void aGetterByTypeAnswersOrThrowsButNeverGuesses() throws JsonException {
    JsonObject object = (JsonObject) read("{\"s\":\"x\",\"n\":3,\"f\":1.5,\"z\":null,\"b\":true}");
    assertEquals(Optional.of("x"), object.string("s"));
    assertEquals(3, object.whole("n").orElseThrow());
    assertEquals(Optional.of(true), object.bool("b"));
    assertEquals(Optional.empty(), object.string("z"));
    assertEquals(Optional.empty(), object.array("absent"));
    assertThrows(JsonException.class, () -> object.whole("f"));
    JsonException wrong = assertThrows(JsonException.class, () -> object.string("n"));
    assertEquals("`n`: a string is expected, this is a number", wrong.what());
    JsonArray mixed = (JsonArray) read("[{},1]");
    assertThrows(JsonException.class, mixed::objects);
  }
}
