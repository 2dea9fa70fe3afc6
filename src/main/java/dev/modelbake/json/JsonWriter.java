package dev.modelbake.json;

import java.util.Iterator;
import java.util.Map;

/**
 * Writes a value as text, always the same text for the same value.
 *
 * <p>Characters that could move a cursor, end a line or hide are escaped: the text is safe on a
 * terminal, and nothing is lost. Written here rather than with a library, so that a command which
 * only prints loads none.
 */
final class JsonWriter {
  enum Form {
    COMPACT,
    PRETTY
  }

  private final Form form;
  private final StringBuilder out = new StringBuilder();

  JsonWriter(Form form) {
    this.form = form;
  }

  String write(Json json) {
    value(json, 0);
    if (form == Form.PRETTY) {
      out.append('\n');
    }
    return out.toString();
  }

  private void value(Json json, int level) {
    if (json instanceof JsonObject object) {
      object(object, level);
    } else if (json instanceof JsonArray array) {
      array(array, level);
    } else if (json instanceof JsonString string) {
      string(string.value());
    } else if (json instanceof JsonNumber number) {
      out.append(number.text());
    } else if (json instanceof JsonBoolean bool) {
      out.append(bool.value());
    } else {
      out.append("null");
    }
  }

  private void object(JsonObject object, int level) {
    if (object.members().isEmpty()) {
      out.append("{}");
      return;
    }
    out.append('{');
    Iterator<Map.Entry<String, Json>> members = object.members().entrySet().iterator();
    while (members.hasNext()) {
      Map.Entry<String, Json> member = members.next();
      line(level + 1);
      string(member.getKey());
      out.append(form == Form.PRETTY ? ": " : ":");
      value(member.getValue(), level + 1);
      out.append(members.hasNext() ? "," : "");
    }
    line(level);
    out.append('}');
  }

  private void array(JsonArray array, int level) {
    if (array.values().isEmpty()) {
      out.append("[]");
      return;
    }
    out.append('[');
    Iterator<Json> values = array.values().iterator();
    while (values.hasNext()) {
      line(level + 1);
      value(values.next(), level + 1);
      out.append(values.hasNext() ? "," : "");
    }
    line(level);
    out.append(']');
  }

  private void line(int level) {
    if (form == Form.PRETTY) {
      out.append('\n').append("  ".repeat(level));
    }
  }

  private void string(String text) {
    out.append('"');
    text.codePoints().forEach(this::character);
    out.append('"');
  }

  private void character(int c) {
    switch (c) {
      case '"' -> out.append("\\\"");
      case '\\' -> out.append("\\\\");
      case '\n' -> out.append("\\n");
      case '\r' -> out.append("\\r");
      case '\t' -> out.append("\\t");
      default -> {
        if (isHidden(c)) {
          for (char unit : Character.toChars(c)) {
            out.append("\\u%04x".formatted((int) unit));
          }
        } else {
          out.appendCodePoint(c);
        }
      }
    }
  }

  private static boolean isHidden(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.UNASSIGNED ->
          true;
      default -> false;
    };
  }
}
