package dev.modelbake.oci;

import java.util.List;
import java.util.Locale;

/**
 * Media types of the OCI Image Specification 1.1 and of the CNCF ModelPack specification, and our
 * own for the index of a mirror.
 */
public final class MediaTypes {
  public static final String MANIFEST = "application/vnd.oci.image.manifest.v1+json";
  public static final String INDEX = "application/vnd.oci.image.index.v1+json";
  public static final String MODEL = "application/vnd.cncf.model.manifest.v1+json";
  public static final String MODEL_CONFIG = "application/vnd.cncf.model.config.v1+json";
  public static final String MIRROR_INDEX = "application/vnd.modelbake.index.v1+json";
  public static final String SIGNATURE = "application/vnd.modelbake.signature.v1";
  static final String EMPTY = "application/vnd.oci.empty.v1+json";

  private static final String WEIGHTS = "application/vnd.cncf.model.weight.v1.raw";
  private static final String WEIGHTS_CONFIG = "application/vnd.cncf.model.weight.config.v1.raw";
  private static final String DOCUMENT = "application/vnd.cncf.model.doc.v1.raw";

  private static final List<String> CONFIGS =
      List.of(".json", ".yaml", ".yml", ".txt", ".model", ".jinja", ".tiktoken", ".xml", ".proto");
  private static final List<String> DOCUMENTS = List.of(".md", ".rst", ".pdf", ".html");

  private MediaTypes() {}

  /** What a model's file is, by its name. */
  static String ofLayer(String path) {
    String name = path.substring(path.lastIndexOf('/') + 1).toLowerCase(Locale.ROOT);
    boolean licence = name.startsWith("license") || name.startsWith("notice");
    if (licence || DOCUMENTS.stream().anyMatch(name::endsWith)) {
      return DOCUMENT;
    }
    return CONFIGS.stream().anyMatch(name::endsWith) ? WEIGHTS_CONFIG : WEIGHTS;
  }
}
