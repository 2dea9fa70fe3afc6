package dev.modelbake.oci;

import dev.modelbake.json.Json;
import dev.modelbake.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Files as one thing in a registry. It holds no time: the same files give the same digest.
 *
 * @param configs the configurations, to be stored before anything names them
 * @param manifests to be stored before the top, when the layers are too many for one
 * @param top what a tag points to
 */
public record Artifact(List<OciDocument> configs, List<OciDocument> manifests, OciDocument top) {
  /** A registry refuses manifests above 4 MiB; in bytes of the layers in it. */
  private static final int MOST_BYTES = 3 << 20;

  public Artifact {
    configs = List.copyOf(configs);
    manifests = List.copyOf(manifests);
  }

  /**
   * A model as the ModelPack specification has it.
   *
   * @param layers its files; several manifests when they are too many for one
   */
  public static Artifact ofModel(String name, Optional<String> license, List<Layer> layers) {
    List<OciDocument> configs = new ArrayList<>();
    List<OciDocument> manifests = new ArrayList<>();
    for (List<Layer> some : divided(layers)) {
      OciDocument config = OciDocument.of(MediaTypes.MODEL_CONFIG, config(name, license, some));
      configs.add(config);
      manifests.add(manifest(MediaTypes.MODEL, config, some));
    }
    if (manifests.size() == 1) {
      return new Artifact(configs, List.of(), manifests.get(0));
    }
    JsonObject index =
        Json.object()
            .with("schemaVersion", 2)
            .with("mediaType", MediaTypes.INDEX)
            .with("artifactType", MediaTypes.MODEL)
            .with("manifests", manifests.stream().map(one -> one.reference(Map.of())).toList());
    return new Artifact(
        configs, manifests, OciDocument.of(MediaTypes.INDEX, index).as(MediaTypes.MODEL));
  }

  private static List<List<Layer>> divided(List<Layer> layers) {
    List<List<Layer>> all = new ArrayList<>(List.of(new ArrayList<>()));
    int bytes = 0;
    for (Layer layer : layers) {
      int length = layer.reference().compact().getBytes(StandardCharsets.UTF_8).length;
      if (bytes + length > MOST_BYTES) {
        all.add(new ArrayList<>());
        bytes = 0;
      }
      all.get(all.size() - 1).add(layer);
      bytes += length;
    }
    return all;
  }

  /** The index of a mirror with its signatures. */
  public static Artifact ofIndex(List<Layer> layers) {
    OciDocument nothing = OciDocument.of(MediaTypes.EMPTY, Json.object());
    return new Artifact(
        List.of(nothing), List.of(), manifest(MediaTypes.MIRROR_INDEX, nothing, layers));
  }

  /** Every document of it, in the order in which they may be stored. */
  public List<OciDocument> documents() {
    List<OciDocument> all = new ArrayList<>(configs);
    all.addAll(manifests);
    all.add(top);
    return all;
  }

  private static OciDocument manifest(String type, OciDocument config, List<Layer> layers) {
    JsonObject json =
        Json.object()
            .with("schemaVersion", 2)
            .with("mediaType", MediaTypes.MANIFEST)
            .with("artifactType", type)
            .with("config", config.reference(Map.of()))
            .with("layers", layers.stream().map(Layer::reference).toList());
    return OciDocument.of(MediaTypes.MANIFEST, json).as(type);
  }

  private static JsonObject config(String name, Optional<String> license, List<Layer> layers) {
    JsonObject descriptor =
        Json.object()
            .with("name", name)
            .withOptional("licenses", license.map(one -> Json.array(List.of(Json.of(one)))));
    return Json.object()
        .with("descriptor", descriptor)
        .with("modelfs", modelfs(layers))
        .with("config", Json.object());
  }

  /** Nothing is packed, so what is in a layer has the layer's own digest. */
  private static JsonObject modelfs(List<Layer> layers) {
    return Json.object()
        .with("type", "layers")
        .with(
            "diffIds",
            layers.stream().map(layer -> Json.of(layer.content().digest().toString())).toList());
  }
}
