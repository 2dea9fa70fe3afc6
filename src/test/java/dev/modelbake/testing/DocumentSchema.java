package dev.modelbake.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A JSON Schema of the {@code docs} directory. */
public final class DocumentSchema {
  private final Schema schema;

  private DocumentSchema(Schema schema) {
    this.schema = schema;
  }

  /** The schema in {@code docs/<name>.schema.json}. */
  public static DocumentSchema named(String name) throws IOException {
    String text = Files.readString(Path.of("docs", name + ".schema.json"));
    return new DocumentSchema(
        SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
            .getSchema(text, InputFormat.JSON));
  }

  /** Fails unless the document is valid. */
  public void accepts(String json) {
    assertEquals(List.of(), schema.validate(json, InputFormat.JSON), json);
  }

  /** Fails if the document is valid. */
  public void refuses(String json) {
    assertNotEquals(List.of(), schema.validate(json, InputFormat.JSON), json);
  }
}
