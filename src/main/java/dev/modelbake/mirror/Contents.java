package dev.modelbake.mirror;

import dev.modelbake.mirror.MirrorIndex.MirrorModel;
import dev.modelbake.oci.Artifact;
import dev.modelbake.oci.Layer;
import dev.modelbake.oci.Tags;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * An index, and the documents that other tools read in its stead. Making them costs as much as
 * reading the index, so it is done once.
 *
 * @param artifacts what each model is in a registry, by its tag
 */
record Contents(MirrorIndex index, Map<String, Artifact> artifacts) {
  static final Contents NONE = of(new MirrorIndex("", 0, List.of(), List.of()));

  static Contents of(MirrorIndex index) {
    Map<String, String> tags = Tags.of(index.models().stream().map(MirrorModel::name).toList());
    Map<String, Artifact> artifacts = new LinkedHashMap<>();
    for (MirrorModel model : index.models()) {
      List<Layer> layers =
          model.files().stream().map(file -> Layer.ofModel(file.path(), file.content())).toList();
      artifacts.put(
          tags.get(model.name()), Artifact.ofModel(model.name(), model.license(), layers));
    }
    return new Contents(index, artifacts);
  }

  /** The names of the files of all blobs and documents. */
  Set<String> names() {
    Set<String> names = new HashSet<>();
    index.blobs().keySet().forEach(blob -> names.add(blob.digest().hex()));
    artifacts.values().stream()
        .flatMap(artifact -> artifact.documents().stream())
        .forEach(document -> names.add(document.descriptor().digest().hex()));
    return names;
  }
}
