package dev.modelbake.oci;

import dev.modelbake.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The documents of an image layout beside its blobs (OCI Image Specification 1.1). */
public final class ImageIndex {
  /** What {@code oci-layout} holds. */
  public static final String MARKER = "{\"imageLayoutVersion\":\"1.0.0\"}";

  private static final String TAG = "org.opencontainers.image.ref.name";

  private ImageIndex() {}

  /** What {@code index.json} holds: what each tag points to, in the order given. */
  public static byte[] of(Map<String, OciDocument> tagged) {
    List<Json> manifests = new ArrayList<>();
    tagged.forEach((tag, document) -> manifests.add(document.reference(Map.of(TAG, tag))));
    return Json.object()
        .with("schemaVersion", 2)
        .with("mediaType", MediaTypes.INDEX)
        .with("manifests", manifests)
        .compact()
        .getBytes(StandardCharsets.UTF_8);
  }
}
