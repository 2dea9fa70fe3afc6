package dev.modelbake.plan;

import dev.modelbake.model.Access;
import dev.modelbake.model.Descriptor;
import dev.modelbake.model.Digest;
import dev.modelbake.model.FileMode;
import dev.modelbake.model.Hints;
import dev.modelbake.model.Layout;
import dev.modelbake.model.Location;
import dev.modelbake.model.Manifest;
import dev.modelbake.model.Model;
import dev.modelbake.model.ModelFile;
import dev.modelbake.model.Owner;
import dev.modelbake.model.Text;
import dev.modelbake.model.Unpacking;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** Manifest values for tests, written in few words. */
final class Manifests {
  static final String HEX_A = "a".repeat(64);
  static final String HEX_B = "b".repeat(64);

  Optional<Text> owner = Optional.empty();
  Optional<Text> home = Optional.empty();
  final Map<String, Text> env = new LinkedHashMap<>();
  final List<Text> mirrors = new ArrayList<>();
  final List<Model> models = new ArrayList<>();

  static Text text(String value) {
    return new Text(value, new Location("models.yaml", 1, 1));
  }

  static ModelFile file(String path, String hex, String... urls) {
    return file(path, hex, new Unpacking.None(), urls);
  }

  static ModelFile file(String path, String hex, Unpacking unpacking, String... urls) {
    return new ModelFile(
        new Location("models.yaml", 7, 9),
        path,
        List.of(urls).stream().map(Manifests::text).toList(),
        hex.isEmpty() ? Optional.empty() : Optional.of(Descriptor.of(Digest.sha256(hex), 10)),
        new Hints(OptionalLong.empty(), List.of()),
        List.of(),
        unpacking,
        List.of(),
        false,
        Optional.empty());
  }

  Manifests model(String name, String dir, ModelFile... files) {
    return model(name, dir, List.of(), files);
  }

  Manifests model(String name, String dir, List<String> groups, ModelFile... files) {
    models.add(
        new Model(
            name,
            new Location("models.yaml", 5, 5),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Layout.FLAT,
            Optional.of(text(dir)),
            Optional.empty(),
            Access.OWNER,
            FileMode.parse("0644"),
            FileMode.parse("0755"),
            groups,
            Map.of(),
            List.of(files),
            List.of()));
    return this;
  }

  Manifests owner(String value) {
    owner = Optional.of(text(value));
    return this;
  }

  Manifests env(String name, String value) {
    env.put(name, text(value));
    return this;
  }

  List<Manifest> list() {
    return List.of(
        new Manifest(
            Location.of("models.yaml"), Digest.sha256(HEX_A), owner, home, env, mirrors, models));
  }

  static Surroundings surroundings(Map<String, String> environment) {
    Accounts accounts =
        Accounts.parse(
            """
            root:x:0:0:root:/root:/bin/bash
            appuser:x:1000:1001:,,,:/home/appuser:/bin/sh
            broken line
            """,
            "root:x:0:\nmodels:x:2000:appuser\n");
    return new Surroundings(
        environment, accounts, new Owner(0, 0), Optional.of("/root"), PythonPackages.NONE);
  }
}
