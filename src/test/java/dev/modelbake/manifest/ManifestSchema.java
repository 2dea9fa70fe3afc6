package dev.modelbake.manifest;

import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The published schema as a validator of what the reader sees. */
final class ManifestSchema {
  static final String RESOURCE = "/dev/modelbake/manifest.schema.json";

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private final Schema schema;

  ManifestSchema() {
    this.schema =
        SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12).getSchema(text());
  }

  /** The schema as it is in the jar. */
  static String text() {
    try (InputStream in = ManifestSchema.class.getResourceAsStream(RESOURCE)) {
      return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What the schema says against a manifest; nothing when it accepts it. */
  List<Error> errors(String manifest) throws Unreadable {
    return schema.validate(json(YamlTree.read(manifest, new Problems("x")).orElseThrow()));
  }

  private static JsonNode json(Yaml value) {
    if (value instanceof Yaml.Mapping mapping) {
      ObjectNode object = JSON.objectNode();
      mapping.entries().forEach(entry -> object.set(entry.key().text(), json(entry.value())));
      return object;
    }
    if (value instanceof Yaml.Sequence sequence) {
      ArrayNode array = JSON.arrayNode();
      sequence.items().forEach(item -> array.add(json(item)));
      return array;
    }
    return scalar((Yaml.Scalar) value);
  }

  private static JsonNode scalar(Yaml.Scalar scalar) {
    String text = scalar.text();
    return switch (scalar.kind()) {
      case STRING, MERGE -> JSON.stringNode(text);
      case INTEGER -> integer(text);
      case FLOAT -> JSON.numberNode(0.5);
      case BOOLEAN -> JSON.booleanNode(text.startsWith("t") || text.startsWith("T"));
      case NULL -> JSON.nullNode();
    };
  }

  private static JsonNode integer(String text) {
    if (text.startsWith("0x")) {
      return JSON.numberNode(new BigInteger(text.substring(2), 16));
    }
    if (text.startsWith("0o")) {
      return JSON.numberNode(new BigInteger(text.substring(2), 8));
    }
    return JSON.numberNode(new BigInteger(text.startsWith("+") ? text.substring(1) : text));
  }
}
