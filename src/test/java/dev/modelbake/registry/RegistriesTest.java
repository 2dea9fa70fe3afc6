package dev.modelbake.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.modelbake.http.HttpClient;
import dev.modelbake.http.HttpSettings;
import dev.modelbake.http.Limits;
import dev.modelbake.http.Places;
import dev.modelbake.http.Time;
import dev.modelbake.model.Digest;
import dev.modelbake.model.HostRules;
import dev.modelbake.model.SourceUrl;
import dev.modelbake.oci.Repository;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RegistriesTest {
  @ParameterizedTest
  @CsvSource({
    "registry.example, https",
    "registry.example:5000, https",
    "127.0.0.1:5000, http",
    "localhost, http",
    "[::1]:5000, http",
    "plain.example, http",
    "plain.example:80, http",
    "one.example:5000, http",
    "one.example:5001, https"
  })
  void plainHttpIsForLoopbackAndForHostsThatWereNamed(String host, String scheme) {
    Places places = new Places(Optional.empty(), Path.of("/none"), List.of(), Optional.empty());
    HttpSettings http = new HttpSettings(Map.of(), places, Set.of(), HostRules.ANY, Limits.DEFAULT);
    RegistrySettings settings =
        new RegistrySettings(
            Set.of("plain.example", "one.example:5000"),
            Map.of(),
            RegistrySettings.Helpers.IGNORED);
    try (HttpClient client = new HttpClient(http, Time.SYSTEM)) {
      SourceUrl source = new Repository(host, "team/models").blob(Digest.OF_NOTHING);
      SourceUrl url = new Registries(client, http, settings, Time.SYSTEM).address(source).url();
      assertEquals(
          scheme + "://" + host + "/v2/team/models/blobs/" + Digest.OF_NOTHING, url.toString());
    }
  }
}
