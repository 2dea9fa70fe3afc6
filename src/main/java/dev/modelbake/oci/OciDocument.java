package dev.modelbake.oci;

import dev.modelbake.json.Json;
import dev.modelbake.json.JsonObject;
import dev.modelbake.model.Descriptor;
import dev.modelbake.model.Digest;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;

/** A JSON document that others name by its digest: a manifest, an index, a configuration. */
public final class OciDocument {
  private final String mediaType;
  private final Optional<String> artifactType;
  private final byte[] bytes;
  private final Descriptor descriptor;

  private OciDocument(String mediaType, Optional<String> artifactType, byte[] bytes) {
    this.mediaType = mediaType;
    this.artifactType = artifactType;
    this.bytes = bytes;
    descriptor = Descriptor.of(Digest.ofBytes(bytes), bytes.length);
  }

  static OciDocument of(String mediaType, JsonObject json) {
    byte[] bytes = json.compact().getBytes(StandardCharsets.UTF_8);
    return new OciDocument(mediaType, Optional.empty(), bytes);
  }

  /** The same, known to be an artifact of a type. */
  OciDocument as(String type) {
    return new OciDocument(mediaType, Optional.of(type), bytes);
  }

  /** What sort of document it is. */
  public String mediaType() {
    return mediaType;
  }

  /** The document. */
  public byte[] bytes() {
    return bytes.clone();
  }

  /** Its digest and size. */
  public Descriptor descriptor() {
    return descriptor;
  }

  /** How another document names it. */
  JsonObject reference(Map<String, String> annotations) {
    return reference(mediaType, descriptor, artifactType, annotations);
  }

  /** A content descriptor (OCI Image Specification 1.1, descriptor.md). */
  static JsonObject reference(
      String mediaType,
      Descriptor descriptor,
      Optional<String> artifactType,
      Map<String, String> annotations) {
    JsonObject json =
        Json.object()
            .with("mediaType", mediaType)
            .withOptional("artifactType", artifactType.map(Json::of))
            .with("digest", descriptor.digest().toString())
            .with("size", descriptor.size().orElseThrow());
    if (annotations.isEmpty()) {
      return json;
    }
    JsonObject notes = Json.object();
    for (Map.Entry<String, String> one : annotations.entrySet()) {
      notes = notes.with(one.getKey(), one.getValue());
    }
    return json.with("annotations", notes);
  }
}
