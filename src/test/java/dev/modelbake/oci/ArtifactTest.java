package dev.modelbake.oci;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.modelbake.model.Descriptor;
import dev.modelbake.model.Digest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ArtifactTest {
  /** A registry refuses a manifest above this, in bytes. */
  private static final int LIMIT = 4 << 20;

  private static List<Layer> layers(int number) {
    List<Layer> layers = new ArrayList<>();
    for (int i = 0; i < number; i++) {
      Digest digest = Digest.ofBytes(Integer.toString(i).getBytes(UTF_8));
      String path =
          "a/rather/long/path/of/a/file/in/a/model/with/many/shards/" + i + ".safetensors";
      layers.add(Layer.ofModel(path, Descriptor.of(digest, i)));
    }
    return layers;
  }

  private static String text(OciDocument document) {
    return new String(document.bytes(), UTF_8);
  }

  @Test
  void theSameFilesGiveTheSameBytes() {
    Artifact one = Artifact.ofModel("org/name", Optional.of("MIT"), layers(3));
    Artifact other = Artifact.ofModel("org/name", Optional.of("MIT"), layers(3));
    assertArrayEquals(one.top().bytes(), other.top().bytes());
    assertEquals(2, one.documents().size());
  }

  @Test
  void everyLayerHasBothNamesAndIsRaw() {
    String manifest = text(Artifact.ofModel("m", Optional.empty(), layers(2)).top());
    String path = "a/rather/long/path/of/a/file/in/a/model/with/many/shards/1.safetensors";
    assertTrue(manifest.contains("\"org.cncf.model.filepath\":\"" + path + "\""), manifest);
    assertTrue(manifest.contains("\"org.opencontainers.image.title\":\"" + path + "\""), manifest);
    assertTrue(manifest.contains("application/vnd.cncf.model.weight.v1.raw"), manifest);
    assertTrue(
        manifest.contains("\"artifactType\":\"application/vnd.cncf.model.manifest.v1+json\""));
    assertTrue(!manifest.contains("created"), "no time");
  }

  @Test
  void whatIsInARawLayerHasItsDigest() {
    List<Layer> layers = layers(1);
    String config = text(Artifact.ofModel("m", Optional.of("MIT"), layers).configs().get(0));
    assertTrue(
        config.contains("\"diffIds\":[\"" + layers.get(0).content().digest() + "\"]"), config);
    assertTrue(config.contains("\"licenses\":[\"MIT\"]"), config);
  }

  @Test
  void manyFilesAreSplitSoThatNoManifestIsTooLong() {
    Artifact artifact = Artifact.ofModel("m", Optional.empty(), layers(12_000));
    assertEquals(2, artifact.manifests().size());
    assertEquals(MediaTypes.INDEX, artifact.top().mediaType());
    artifact
        .documents()
        .forEach(document -> assertTrue(document.bytes().length < LIMIT, document.mediaType()));
    artifact
        .manifests()
        .forEach(one -> assertTrue(text(artifact.top()).contains(one.descriptor().digest().hex())));
  }

  @Test
  void filesAreToldApartByTheirNames() {
    assertEquals("application/vnd.cncf.model.weight.v1.raw", MediaTypes.ofLayer("a.onnx"));
    assertEquals(
        "application/vnd.cncf.model.weight.config.v1.raw", MediaTypes.ofLayer("a/config.json"));
    assertEquals("application/vnd.cncf.model.doc.v1.raw", MediaTypes.ofLayer("LICENSE.txt"));
  }
}
