package dev.modelbake.mirror;

import dev.modelbake.model.Descriptor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a mirror holds: {@code modelbake-index.json}.
 *
 * @param name of the mirror, so that the index of another is not taken for it
 * @param counter grows with every change, so that an older index is not taken for a newer
 * @param models in the order of their names
 * @param tool files of the program that travels with it; none when it does not
 */
public record MirrorIndex(
    String name, long counter, List<MirrorModel> models, List<MirrorFile> tool) {
  public MirrorIndex {
    models = List.copyOf(models);
    tool = List.copyOf(tool);
  }

  /**
   * One model.
   *
   * @param license as its manifest gives it
   * @param files in the order of the manifest
   */
  public record MirrorModel(String name, Optional<String> license, List<MirrorFile> files) {
    public MirrorModel {
      files = List.copyOf(files);
    }
  }

  /**
   * One file as it is stored.
   *
   * @param path unique in its model, relative: a name for people, no place that is written to
   * @param content its size is present
   * @param source where it came from, without a query; absent when nobody knows
   */
  public record MirrorFile(String path, Descriptor content, Optional<String> source) {
    /** The number of bytes. */
    public long size() {
      return content.size().orElseThrow();
    }
  }

  /** Every blob once, and what it is called first. */
  public Map<Descriptor, String> blobs() {
    Map<Descriptor, String> blobs = new LinkedHashMap<>();
    for (MirrorModel model : models) {
      for (MirrorFile file : model.files()) {
        blobs.putIfAbsent(file.content(), model.name() + "/" + file.path());
      }
    }
    return blobs;
  }

  /** The bytes of all blobs. */
  public long size() {
    return blobs().keySet().stream().mapToLong(blob -> blob.size().orElseThrow()).sum();
  }

  /** Whether another index says the same, apart from its counter. */
  boolean isSameAs(MirrorIndex other) {
    return name.equals(other.name) && models.equals(other.models) && tool.equals(other.tool);
  }

  MirrorIndex with(long other) {
    return new MirrorIndex(name, other, models, tool);
  }
}
