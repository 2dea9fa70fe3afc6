package dev.modelbake.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.modelbake.manifest.ManifestReader;
import dev.modelbake.manifest.ShippedModels;
import dev.modelbake.model.EnvironmentException;
import dev.modelbake.model.Manifest;
import dev.modelbake.model.ManifestException;
import dev.modelbake.model.Origin;
import dev.modelbake.model.Owner;
import dev.modelbake.model.Plan;
import dev.modelbake.model.PlannedFile;
import dev.modelbake.model.Target;
import dev.modelbake.model.UsageException;
import dev.modelbake.plan.PythonPackages.Absence;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Plans of models whose files do not simply go to one path. */
class PlacesOfModelsPlanTest {
  private static final String HEX = "ab".repeat(32);
  private static final String COMMIT = "1110a243fdf4706b3f48f1d95db1a4f5529b4d41";

  /** A catalog of one model without a place of its own. */
  private static final ShippedModels SHIPPED =
      new ShippedModels() {
        @Override
        public Optional<byte[]> library(String library) {
          String text =
              """
              schema: modelbake/1
              models:
                - name: dlib/shape
                  files:
                    - {url: "https://h.example/s.dat", sha256: %s, size: 1}
              """;
          return Optional.of(text.formatted(HEX).getBytes(StandardCharsets.UTF_8));
        }

        @Override
        public Collection<String> names() {
          return List.of("dlib/shape");
        }
      };

  private static List<Manifest> read(String models) {
    return ManifestReader.read(
            "models.yaml",
            Optional.empty(),
            "schema: modelbake/1\nmodels:\n" + models.replace("HEX", HEX).replace("COMMIT", COMMIT),
            SHIPPED)
        .manifests();
  }

  private static Plan plan(
      String models, Map<String, String> dirs, Map<String, String> environment) {
    PlanOptions options =
        new PlanOptions(
            Path.of("/"),
            Optional.of("1000:1000"),
            Optional.of("/home/app"),
            Map.of(),
            dirs,
            PlanOptions.Selection.ALL,
            PlanOptions.Sources.ALL);
    Surroundings surroundings =
        new Surroundings(
            environment,
            Accounts.parse("", ""),
            new Owner(0, 0),
            Optional.empty(),
            new PythonPackages(
                Map.of("rapidocr", "/venv/rapidocr"),
                new Absence("it is not there", "install it")));
    return new Planner(options, surroundings).plan(read(models));
  }

  private static Plan plan(String models) {
    return plan(models, Map.of(), Map.of());
  }

  private static List<String> paths(Plan plan) {
    return plan.files().stream()
        .map(
            file ->
                file.target() instanceof Target.Resolved target
                    ? target.path().toString()
                    : ((Target.Unresolved) file.target()).reason().rule())
        .toList();
  }

  @Test
  void aRepositoryGoesIntoTheCacheOfTheHubWithItsRefLast() {
    Plan plan =
        plan(
            """
              - name: m
                huggingface: {repo: o/n, revision: COMMIT, ref: refs/pr/1, type: dataset}
                files:
                  - {path: a/b.json, sha256: HEX, size: 1}
                  - {path: w.safetensors, sha256: HEX, size: 1, lfs: true}
            """);
    String folder = "/home/app/.cache/huggingface/hub/datasets--o--n/";
    assertEquals(
        List.of(
            folder + "snapshots/" + COMMIT + "/a/b.json",
            folder + "snapshots/" + COMMIT + "/w.safetensors",
            folder + "refs/refs/pr/1"),
        paths(plan));
    List<Target.BlobName> names =
        plan.files().stream()
            .limit(2)
            .map(file -> ((Target.Resolved) file.target()).cache().orElseThrow().blobName())
            .toList();
    assertEquals(List.of(Target.BlobName.GIT, Target.BlobName.SHA256), names);
    assertEquals(new Origin.Literal(COMMIT), plan.files().get(2).origin());
    assertEquals(
        "https://huggingface.co/datasets/o/n/resolve/" + COMMIT + "/a/b.json",
        plan.files().get(0).candidates().get(0).toString());
  }

  @Test
  void theEndpointOfTheHubIsTheEnvironmentsChoice() {
    String model =
        "  - {name: m, huggingface: {repo: o/n, revision: COMMIT}, files: [{path: x, sha256: HEX}]}\n";
    Plan plan = plan(model, Map.of(), Map.of("HF_ENDPOINT", "https://hub.example/hf/"));
    assertEquals(
        "https://hub.example/hf/o/n/resolve/" + COMMIT + "/x",
        plan.files().get(0).candidates().get(0).toString());
    assertThrows(
        EnvironmentException.class,
        () -> plan(model, Map.of(), Map.of("HF_ENDPOINT", "hub.example")));
  }

  @Test
  void theCacheNeedsACommitAndPlainFilesDoNot() {
    String model = "  - {name: m, huggingface: {repo: o/n}, %s files: [{path: x, sha256: HEX}]}\n";
    assertEquals(List.of("revision-not-pinned"), paths(plan(model.formatted(""))));
    assertEquals(List.of("/d/x"), paths(plan(model.formatted("layout: flat, dir: /d,"))));
  }

  @Test
  void aRepositoryWithoutFilesIsNothingToBake() {
    ManifestException e =
        assertThrows(
            ManifestException.class,
            () -> plan("  - {name: m, huggingface: {repo: o/n, revision: COMMIT}}\n"));
    assertEquals("no-files", e.problems().get(0).rule());
  }

  @Test
  void aModelWithoutAPlaceGetsOneFromTheEntryOrTheCommandLine() {
    String entry = "  - {catalog: dlib/shape}\n";
    assertEquals(List.of("dir-missing"), paths(plan(entry)));
    assertEquals(List.of("/opt/d/s.dat"), paths(plan(entry, Map.of("dlib/*", "/opt/d"), Map.of())));
    assertEquals(List.of("/e/s.dat"), paths(plan("  - {catalog: dlib/shape, dir: /e}\n")));
    UsageException e =
        assertThrows(
            UsageException.class, () -> plan(entry, Map.of("dlib/shpae", "/opt"), Map.of()));
    assertTrue(e.getMessage().contains("did you mean dlib/shape?"), e.getMessage());
  }

  @Test
  void theCatalogIsNamedWithItsDigest() {
    Plan plan = plan("  - {catalog: dlib/shape, dir: /e}\n");
    assertTrue(plan.notices().get(0).what().contains("sha256:"), plan.notices().toString());
  }

  @Test
  void aPackageOfPythonIsADirectory() {
    String file = ", files: [{url: \"https://h.example/x\", sha256: HEX}]}\n";
    assertEquals(
        List.of("/venv/rapidocr/models/x"),
        paths(plan("  - {name: m, dir: \"${python:rapidocr}/models\"" + file)));
    assertEquals(
        List.of("python-package"), paths(plan("  - {name: m, dir: \"${python:other}\"" + file)));
    assertEquals(
        new TreeSet<>(List.of("other", "rapidocr")),
        PythonPackages.asked(
            read("  - {name: m, dir: \"${python:rapidocr}/${python:other}\"" + file), List.of()));
  }

  @Test
  void furtherPlacesPartsAndDirectoriesArePlanned() {
    Plan plan =
        plan(
            """
              - name: m
                dir: /d
                access: shared
                dirs: [e, .]
                files:
                  - {url: "https://h.example/x", sha256: HEX, also: [y, {dir: ~/z, path: w}]}
                  - {path: p, sha256: HEX, parts: [{url: "https://h.example/1"}]}
            """);
    assertEquals(List.of("/d/x", "/d/y", "/home/app/z/w", "/d/p"), paths(plan));
    Origin.Parts parts = (Origin.Parts) plan.files().get(3).origin();
    assertEquals("m/p (part 1 of 1)", parts.parts().get(0).name());
    assertEquals(
        List.of("/d/e", "/d"),
        plan.directories().stream()
            .map(one -> ((Target.Resolved) one.target()).path().toString())
            .toList());
    for (PlannedFile file : plan.files()) {
      Target.Resolved target = (Target.Resolved) file.target();
      assertEquals(
          "1000:0 0664 2775", target.owner() + " " + target.mode() + " " + target.dirMode());
    }
  }

  @Test
  void tenThousandsOfFilesArePlanned() {
    StringBuilder models = new StringBuilder();
    for (int i = 0; i < 200; i++) {
      models
          .append("  - name: m")
          .append(i)
          .append("\n    dir: /d/")
          .append(i)
          .append("\n    files:\n");
      for (int j = 0; j < 100; j++) {
        models.append("      - {url: \"https://h.example/").append(i).append('/').append(j);
        models.append("\", sha256: ").append(HEX).append(", size: 1}\n");
      }
    }
    assertEquals(20_000, plan(models.toString()).files().size());
  }
}
