package dev.modelbake.json;

import dev.modelbake.model.Printable;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.json.JsonFactory;

/**
 * Reads one JSON document: UTF-8 only, nothing after the value, no duplicate names (RFC 8259,
 * section 4 leaves their meaning open, so two readers could see two documents).
 */
public final class JsonReader {
  private static final int NUMBER_DIGITS = 100;

  private final JsonParser parser;
  private final int depth;

  private JsonReader(JsonParser parser, int depth) {
    this.parser = parser;
    this.depth = depth;
  }

  /**
   * Reads a document.
   *
   * @throws JsonException when it is no JSON or exceeds a bound
   */
  public static Json read(byte[] bytes, JsonBounds bounds) throws JsonException {
    checkLength(bytes, bounds);
    try (JsonParser parser =
        factory(bounds).createParser(ObjectReadContext.empty(), decode(bytes))) {
      return new JsonReader(parser, bounds.depth()).document();
    } catch (JacksonException e) {
      throw failure(e);
    }
  }

  /** Takes the elements of a long list one by one. */
  @FunctionalInterface
  public interface Elements {
    /**
     * Takes the next element.
     *
     * @throws JsonException when it is not what was expected
     */
    void take(Json element) throws JsonException;
  }

  /**
   * Reads a document that is an object with one long list, whose elements are handed on as they are
   * read and kept nowhere: in the result the list is empty.
   *
   * @param list the name of a member of the document
   * @throws JsonException when it is no JSON, no object or exceeds a bound; some elements may have
   *     been handed on before
   */
  public static JsonObject read(byte[] bytes, JsonBounds bounds, String list, Elements elements)
      throws JsonException {
    checkLength(bytes, bounds);
    Reader text =
        new InputStreamReader(new ByteArrayInputStream(bytes), StandardCharsets.UTF_8.newDecoder());
    try (JsonParser parser = factory(bounds).createParser(ObjectReadContext.empty(), text)) {
      return new JsonReader(parser, bounds.depth()).streamed(list, elements);
    } catch (JacksonException e) {
      throw e.getCause() instanceof CharacterCodingException
          ? new JsonException("not UTF-8")
          : failure(e);
    }
  }

  /**
   * Reads a stream to its end, one byte past the bound at most.
   *
   * @throws JsonException when it is no JSON or exceeds a bound
   */
  public static Json read(InputStream in, JsonBounds bounds) throws IOException, JsonException {
    return read(in.readNBytes((int) Math.min(Integer.MAX_VALUE, bounds.bytes() + 1L)), bounds);
  }

  private static void checkLength(byte[] bytes, JsonBounds bounds) throws JsonException {
    if (bytes.length > bounds.bytes()) {
      throw new JsonException("more than " + bounds.bytes() + " bytes");
    }
  }

  private static JsonFactory factory(JsonBounds bounds) {
    StreamReadConstraints constraints =
        StreamReadConstraints.builder()
            .maxNumberLength(NUMBER_DIGITS)
            .maxStringLength(bounds.bytes())
            .maxNameLength(bounds.bytes())
            // Ours below answers first: it says which bound was met in our words.
            .maxNestingDepth(bounds.depth() + 1)
            .build();
    return JsonFactory.builder().streamReadConstraints(constraints).build();
  }

  /** Jackson would guess at UTF-16 and UTF-32, which RFC 8259 no longer has. */
  private static String decode(byte[] bytes) throws JsonException {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    try {
      CharBuffer text = StandardCharsets.UTF_8.newDecoder().decode(in);
      return text.toString();
    } catch (CharacterCodingException e) {
      throw new JsonException("not UTF-8 at byte " + in.position());
    }
  }

  private Json document() throws JsonException {
    JsonToken first = parser.nextToken();
    if (first == null) {
      throw new JsonException("empty, a JSON value is expected", 1, 1);
    }
    Json value = value(first, 1);
    checkEnd();
    return value;
  }

  private void checkEnd() throws JsonException {
    if (parser.nextToken() != null) {
      throw fault("something follows the JSON value");
    }
  }

  private JsonObject streamed(String list, Elements elements) throws JsonException {
    if (parser.nextToken() != JsonToken.START_OBJECT) {
      throw new JsonException("an object is expected", 1, 1);
    }
    JsonObject object =
        object(
            1,
            (name, token) -> {
              if (!name.equals(list) || token != JsonToken.START_ARRAY) {
                return value(token, 2);
              }
              elements(2, elements);
              return new JsonArray(List.of());
            });
    checkEnd();
    return object;
  }

  private Json value(JsonToken token, int level) throws JsonException {
    return switch (token) {
      case START_OBJECT -> object(level, (name, next) -> value(next, level + 1));
      case START_ARRAY -> array(level);
      case VALUE_STRING -> new JsonString(parser.getString());
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> new JsonNumber(parser.getDecimalValue());
      case VALUE_TRUE -> new JsonBoolean(true);
      case VALUE_FALSE -> new JsonBoolean(false);
      case VALUE_NULL -> new JsonNull();
      default -> throw fault("a JSON value is expected");
    };
  }

  /** Reads the value of a member, whose first token is given. */
  @FunctionalInterface
  private interface Member {
    Json read(String name, JsonToken token) throws JsonException;
  }

  private JsonObject object(int level, Member member) throws JsonException {
    checkDepth(level);
    Map<String, Json> members = new LinkedHashMap<>();
    while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
      String name = parser.currentName();
      if (members.containsKey(name)) {
        throw fault("the name `" + Printable.of(name, 40) + "` stands here twice");
      }
      members.put(name, member.read(name, parser.nextToken()));
    }
    return new JsonObject(members);
  }

  private Json array(int level) throws JsonException {
    List<Json> values = new ArrayList<>();
    elements(level, values::add);
    return new JsonArray(values);
  }

  private void elements(int level, Elements elements) throws JsonException {
    checkDepth(level);
    for (JsonToken next = parser.nextToken();
        next != JsonToken.END_ARRAY;
        next = parser.nextToken()) {
      elements.take(value(next, level + 1));
    }
  }

  private void checkDepth(int level) throws JsonException {
    if (level > depth) {
      throw fault("nested deeper than " + depth);
    }
  }

  private JsonException fault(String what) {
    TokenStreamLocation at = parser.currentTokenLocation();
    return new JsonException(what, at.getLineNr(), at.getColumnNr());
  }

  private static JsonException failure(JacksonException e) {
    TokenStreamLocation at = e.getLocation();
    String told = e.getOriginalMessage().replaceFirst(" \\(start marker at .*", "");
    String what = Printable.of(told, 200);
    return at == null
        ? new JsonException(what)
        : new JsonException(what, Math.max(1, at.getLineNr()), Math.max(1, at.getColumnNr()));
  }
}
