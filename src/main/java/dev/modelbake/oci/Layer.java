package dev.modelbake.oci;

import dev.modelbake.json.JsonObject;
import dev.modelbake.model.Descriptor;
import java.util.Optional;
import java.util.TreeMap;

/**
 * One file of an artifact, as it is: neither packed nor compressed.
 *
 * @param mediaType what sort of file it is
 * @param content its size must be present
 * @param path unique in the artifact, relative
 */
public record Layer(String mediaType, Descriptor content, String path) {
  private static final String TITLE = "org.opencontainers.image.title";
  private static final String FILE_PATH = "org.cncf.model.filepath";

  /** A model's file, its type told from its name. */
  public static Layer ofModel(String path, Descriptor content) {
    return new Layer(MediaTypes.ofLayer(path), content, path);
  }

  /** Both names: one is ModelPack's, the other is what most tools look at. */
  JsonObject reference() {
    TreeMap<String, String> annotations = new TreeMap<>();
    annotations.put(FILE_PATH, path);
    annotations.put(TITLE, path);
    return OciDocument.reference(mediaType, content, Optional.empty(), annotations);
  }
}
