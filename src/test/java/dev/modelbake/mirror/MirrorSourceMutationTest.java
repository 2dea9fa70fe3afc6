package dev.modelbake.mirror;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import dev.modelbake.http.Asking;
import dev.modelbake.http.HttpClient;
import dev.modelbake.http.HttpSettings;
import dev.modelbake.http.Limits;
import dev.modelbake.http.Places;
import dev.modelbake.model.BakeListener;
import dev.modelbake.model.Descriptor;
import dev.modelbake.model.Digest;
import dev.modelbake.model.DigestMismatchException;
import dev.modelbake.model.HostRules;
import dev.modelbake.model.MirrorException;
import dev.modelbake.model.RegistryException;
import dev.modelbake.oci.Artifact;
import dev.modelbake.oci.Layer;
import dev.modelbake.oci.Repository;
import dev.modelbake.oci.Tags;
import dev.modelbake.registry.Registries;
import dev.modelbake.registry.RegistrySettings;
import dev.modelbake.testing.FakeRegistry;
import dev.modelbake.testing.ManualTime;
import dev.modelbake.testing.Mutants;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The manifest of a mirror in a registry, damaged: the index is the one that was named, or none.
 */
class MirrorSourceMutationTest {
  private static final byte[] INDEX = "{\"schema\": \"modelbake-index/1\"}".getBytes(UTF_8);

  @TempDir Path directory;

  @Test
  void noMutationOfAManifestBreaksItsReader() throws IOException {
    ManualTime time = new ManualTime();
    Places places =
        new Places(Optional.empty(), directory.resolve("none"), List.of(), Optional.empty());
    HttpSettings http = new HttpSettings(Map.of(), places, Set.of(), HostRules.ANY, Limits.DEFAULT);
    RegistrySettings settings =
        new RegistrySettings(Set.of(), Map.of(), RegistrySettings.Helpers.IGNORED);
    Descriptor content = Descriptor.of(Digest.ofBytes(INDEX), INDEX.length);
    Layer layer = new Layer("application/json", content, MirrorDirectory.INDEX);
    String manifest = new String(Artifact.ofIndex(List.of(layer)).top().bytes(), UTF_8);
    try (FakeRegistry server = new FakeRegistry();
        HttpClient client = new HttpClient(http, time)) {
      server.blobs.put(content.digest().toString(), INDEX);
      Registries registries = new Registries(client, http, settings, time);
      Asking asking = new Asking(client, http.limits().floor(), time, () -> 0.5, BakeListener.NONE);
      Repository repository = Repository.parse(server.repository());
      Mutants.of(manifest)
          .with("\"layers\":", "\"digest\":", "\"size\":-1", "\"annotations\":{", "sha512:", "null")
          .read(
              80,
              bytes -> {
                server.manifests.put(Tags.INDEX, bytes);
                try {
                  new MirrorSource.OfRegistry(
                          registries.reading(repository, BakeListener.NONE, () -> 0.5),
                          registries,
                          asking)
                      .index()
                      .ifPresent(index -> assertArrayEquals(INDEX, index));
                } catch (MirrorException | RegistryException | DigestMismatchException e) {
                  e.explanation();
                }
              });
    }
  }
}
