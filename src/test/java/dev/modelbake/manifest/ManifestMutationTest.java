package dev.modelbake.manifest;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.modelbake.model.ManifestException;
import dev.modelbake.model.Problem;
import dev.modelbake.testing.FaultCase;
import dev.modelbake.testing.Mutants;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@FaultCase(128)
class ManifestMutationTest {
  private static final int MANIFESTS = 1500;
  private static final String SITE =
      """
      mirrors: [https://models.corp.example, file:mirror]
      only-mirrors: true
      rewrite: {"https://huggingface.co/": "https://hub.corp.example/"}
      trusted-keys: [RWSXgABvwt4WSjE+YwK89l1ghxoctxDC4m5fOv9bHUyPMBQaD2K6whd5]
      policy:
        hosts: [models.corp.example, "*.corp.example:8443"]
        licenses: {deny: ["AGPL-*"], require: [Apache-2.0]}
        formats: {deny: [pickle]}
        signature: required
      """;
  @TempDir Path directory;

  @Test
  void aDamagedManifestIsReadOrToldButNeverAFault() {
    int[] told = new int[1];
    Mutants.of(Manifests.RICH)
        .with(Manifests.WORDS)
        .read(
            MANIFESTS,
            bytes -> {
              try {
                ManifestReader.read(
                    List.of(Path.of("-")), ShippedModels.NONE, new ByteArrayInputStream(bytes));
              } catch (ManifestException e) {
                told[0]++;
                assertFalse(e.problems().isEmpty());
                e.problems().forEach(problem -> isPrintable(problem, bytes));
              }
            });
    assertTrue(
        told[0] > MANIFESTS / 4 || System.getProperty("seed") != null,
        "most damage is told, here " + told[0]);
  }

  @Test
  void aDamagedSiteFileIsReadOrToldButNeverAFault() {
    Path file = directory.resolve("site.yaml");
    Mutants.of(SITE)
        .with(Manifests.WORDS)
        .read(
            400,
            bytes -> {
              Files.write(file, bytes);
              try {
                SiteReader.read(file);
              } catch (ManifestException e) {
                assertFalse(e.problems().isEmpty());
                e.problems().forEach(problem -> isPrintable(problem, bytes));
              }
            });
  }

  private static void isPrintable(Problem problem, byte[] bytes) {
    assertTrue(
        Characters.firstHidden(problem.toString()).isEmpty(),
        () -> problem + " in " + new String(bytes, StandardCharsets.UTF_8));
    assertFalse(problem.rule().isEmpty() || problem.what().isEmpty() || problem.remedy().isEmpty());
  }
}
