package dev.modelbake.manifest;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** The JSON Schema of the manifest, as {@code docs/manifest.schema.json} has it. */
public final class SchemaText {
  private static final String RESOURCE = "/dev/modelbake/manifest.schema.json";

  private SchemaText() {}

  /** The schema's text. */
  public static String read() {
    try (InputStream in = SchemaText.class.getResourceAsStream(RESOURCE)) {
      if (in == null) {
        throw new IllegalStateException("the schema is not in the jar");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("the schema in the jar cannot be read", e);
    }
  }
}
